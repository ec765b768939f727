"""What a client may be that registers itself: decided by the operator, kept with every registration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from gapura_auth.oauth.client_metadata import ClientMetadata
from gapura_auth.oauth.errors import InvalidClientMetadata
from gapura_auth.oauth.scopes import parse_scope
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES, ClientAuthentication, GrantType

Document = dict[str, object]

#: Grants in which a person is asked before anything is issued.
GRANTS_WITH_A_PERSON = frozenset({GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.DEVICE_CODE})

#: Algorithms for which every installation has keys.
WITH_KEYS = frozenset({"RS256", "ES256"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPolicy:
    """The most that a registration may ask for."""

    scopes: frozenset[str] = IDENTITY_SCOPES
    grant_types: frozenset[GrantType] = GRANTS_WITH_A_PERSON
    #: resources that tokens may be asked for; empty means every resource that is known
    resources: frozenset[str] = frozenset()
    #: with which we have keys to sign for it
    algorithms: frozenset[str] = WITH_KEYS
    #: whether the client may say that people need not be asked
    first_party: bool = False
    #: whether the client may be excused from PKCE, and is where it does not say that it uses it
    without_pkce: bool = False

    def apply(self, metadata: ClientMetadata) -> ClientMetadata:
        """Return the metadata as it may be registered: scopes beyond the policy are left out (RFC 7591, section 2).

        Raises:
            InvalidClientMetadata: when it asks for a privilege that the policy does not give.

        """
        if metadata.first_party and not self.first_party:
            raise InvalidClientMetadata("first_party: only an operator may register such a client.")
        if not metadata.require_pkce and not self.without_pkce:
            raise InvalidClientMetadata("require_pkce: only an operator may excuse a client from PKCE.")
        if not self.grant_types.issuperset(metadata.grant_types):
            raise InvalidClientMetadata("grant_types: one of them is not for clients that register themselves.")
        self._check_algorithms(metadata)
        within: Document = {"scope": self._scope(metadata.scope), "resources": self._resources(metadata.resources)}
        if self._excuses(metadata):
            within["require_pkce"] = False
        return metadata.model_copy(update=within)

    def _excuses(self, metadata: ClientMetadata) -> bool:
        """Whether to excuse a client from PKCE that does not say whether it uses it: certification clients cannot."""
        is_public = metadata.token_endpoint_auth_method is ClientAuthentication.NONE
        return self.without_pkce and not is_public and "require_pkce" not in metadata.model_fields_set

    def _check_algorithms(self, metadata: ClientMetadata) -> None:
        for name in ("id_token", "userinfo", "introspection"):
            algorithm = getattr(metadata, f"{name}_signed_response_alg")
            if algorithm is not None and algorithm not in self.algorithms:
                raise InvalidClientMetadata(f"{name}_signed_response_alg: there is no key for this algorithm here.")

    def _scope(self, scope: str | None) -> str:
        words = sorted(self.scopes) if scope is None else [word for word in parse_scope(scope) if word in self.scopes]
        return " ".join(words)

    def _resources(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        if not self.resources:
            return asked
        within = tuple(resource for resource in asked if resource in self.resources) if asked else tuple(self.resources)
        if not within:
            # none would stand for every one
            raise InvalidClientMetadata("resources: none of them is open to clients that register themselves.")
        return within

    def as_document(self) -> Document:
        """Return the policy as JSON values."""
        return {
            "scopes": sorted(self.scopes),
            "grant_types": sorted(self.grant_types),
            "resources": sorted(self.resources),
            "algorithms": sorted(self.algorithms),
            "first_party": self.first_party,
            "without_pkce": self.without_pkce,
        }

    @classmethod
    def of(cls, document: Mapping[str, object]) -> Self:
        """Read what `as_document` wrote."""
        return cls(
            scopes=frozenset(_words(document, "scopes")),
            grant_types=frozenset(GrantType(word) for word in _words(document, "grant_types")),
            resources=frozenset(_words(document, "resources")),
            algorithms=frozenset(_words(document, "algorithms")) or WITH_KEYS,
            first_party=document.get("first_party") is True,
            without_pkce=document.get("without_pkce") is True,
        )


def _words(document: Mapping[str, object], name: str) -> list[str]:
    words = document.get(name)
    return [str(word) for word in words] if isinstance(words, list) else []
