"""What a person granted to a client in one authorization, as it is kept with the session that came of it."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from gapura_auth.oauth.grants import BEARER, KeyBinding, LoginEvent
from gapura_auth.oauth.requested_claims import NO_CLAIMS, RequestedClaims


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedAuthorization:
    """The lasting part of an authorization: every token of its session is made from this.

    `scopes` is the most that a token may say; what the person's roles have lost since is taken off when one is issued.
    """

    scopes: frozenset[str]
    login: LoginEvent
    #: what the tokens are for (RFC 8707); empty means the default audience
    resources: tuple[str, ...] = ()
    #: claims that were asked for one by one (OpenID Connect Core, section 5.5)
    claims: RequestedClaims = field(default=NO_CLAIMS)
    #: goes into the ID token as it came (OpenID Connect Core, section 2)
    nonce: str | None = None
    #: the key that its first tokens were bound to; the tokens after them are bound as well
    binding: KeyBinding = BEARER

    def bound_to(self, binding: KeyBinding) -> "GrantedAuthorization":
        """Return the same, with the key that its tokens are bound to."""
        return replace(self, binding=binding)

    def to_json(self) -> str:
        """Return the text that `from_json` reads."""
        content = {
            "scopes": sorted(self.scopes),
            "login": {"at": self.login.at, "amr": list(self.login.amr), "acr": self.login.acr},
            "resources": list(self.resources),
            "claims": self.claims.to_mapping(),
            "nonce": self.nonce,
            "binding": {"jkt": self.binding.jkt, "x5t_s256": self.binding.x5t_s256},
        }
        return orjson.dumps(content).decode()

    @classmethod
    def from_json(cls, text: str) -> "GrantedAuthorization":
        """Read what `to_json` wrote."""
        content: dict[str, Any] = orjson.loads(text)
        login = content["login"]
        return cls(
            scopes=frozenset(content["scopes"]),
            login=LoginEvent(login["at"], amr=tuple(login["amr"]), acr=login["acr"]),
            resources=tuple(content["resources"]),
            claims=RequestedClaims(**content["claims"]),
            nonce=content["nonce"],
            binding=KeyBinding(**content["binding"]),
        )
