"""What a client may be that registers itself: decided by the operator, kept with every registration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from gapura_auth.oauth.errors import InvalidClientMetadata, InvalidScope
from gapura_auth.oauth.scopes import parse_scope
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES, GrantType

Document = dict[str, object]

#: Grants in which a person is asked before anything is issued.
GRANTS_WITH_A_PERSON = frozenset({GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.DEVICE_CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPolicy:
    """The most that a registration may ask for."""

    scopes: frozenset[str] = IDENTITY_SCOPES
    grant_types: frozenset[GrantType] = GRANTS_WITH_A_PERSON
    #: resources that tokens may be asked for; empty means every resource that is known
    resources: frozenset[str] = frozenset()
    #: whether the client may say that people need not be asked
    first_party: bool = False
    #: whether the client may be excused from PKCE
    without_pkce: bool = False

    def apply(self, document: Mapping[str, object]) -> Document:
        """Return the document as it may be registered: scopes beyond the policy are left out (RFC 7591, section 2).

        Raises:
            InvalidClientMetadata: when it asks for a privilege that the policy does not give.

        """
        if document.get("first_party", False) is not False and not self.first_party:
            raise InvalidClientMetadata("first_party: only an operator may register such a client.")
        if document.get("require_pkce", True) is not True and not self.without_pkce:
            raise InvalidClientMetadata("require_pkce: only an operator may excuse a client from PKCE.")
        self._check_grants(document.get("grant_types"))
        return {**document, "scope": self._scope(document.get("scope")), "resources": self._resources(document)}

    def _check_grants(self, grant_types: object) -> None:
        for grant_type in grant_types if isinstance(grant_types, list) else []:
            if grant_type not in self.grant_types:
                raise InvalidClientMetadata("grant_types: one of them is not for clients that register themselves.")

    def _scope(self, scope: object) -> object:
        if scope is None:
            return " ".join(sorted(self.scopes))
        if not isinstance(scope, str):
            return scope  # its type is refused where all types are
        try:
            return " ".join(word for word in parse_scope(scope) if word in self.scopes)
        except InvalidScope as error:
            raise InvalidClientMetadata(f"scope: {error.description}") from None

    def _resources(self, document: Mapping[str, object]) -> object:
        asked = document.get("resources")
        if not self.resources:
            return asked if asked is not None else []
        if not isinstance(asked, list) or not asked:
            return sorted(self.resources)
        within = [resource for resource in asked if resource in self.resources]
        if not within:
            # an empty list would stand for every resource
            raise InvalidClientMetadata("resources: none of them is open to clients that register themselves.")
        return within

    def as_document(self) -> Document:
        """Return the policy as JSON values."""
        return {
            "scopes": sorted(self.scopes),
            "grant_types": sorted(self.grant_types),
            "resources": sorted(self.resources),
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
            first_party=document.get("first_party") is True,
            without_pkce=document.get("without_pkce") is True,
        )


def _words(document: Mapping[str, object], name: str) -> list[str]:
    words = document.get(name)
    return [str(word) for word in words] if isinstance(words, list) else []
