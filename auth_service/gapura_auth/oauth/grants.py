"""What a token stands for: who granted what to which client."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gapura_auth.oauth.requested_claims import NO_CLAIMS, RequestedClaims
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class StatusReference:
    """A place in a Token Status List (draft-ietf-oauth-status-list, section 5.1)."""

    uri: str
    index: int


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """The key that a token can only be used with; nothing for a bearer token."""

    #: thumbprint of a DPoP key (RFC 9449, section 6)
    jkt: str | None = None
    #: SHA-256 of a client certificate (RFC 8705, section 3.1)
    x5t_s256: str | None = None

    @property
    def is_bearer(self) -> bool:
        """Whether whoever holds the token can use it."""
        return self == BEARER

    @property
    def token_type(self) -> str:
        """How the token is presented: `DPoP`, or `Bearer`."""
        return "DPoP" if self.jkt else "Bearer"

    def confirmation(self) -> dict[str, str]:
        """Return the members of the `cnf` claim (RFC 7800); empty for a bearer token."""
        members = {"jkt": self.jkt, "x5t#S256": self.x5t_s256}
        return {name: value for name, value in members.items() if value is not None}


BEARER = KeyBinding()


@dataclass(frozen=True, slots=True)
class LoginEvent:
    """How and when a person proved who they are (OpenID Connect Core, section 2)."""

    at: Timestamp
    #: authentication methods (RFC 8176), such as `pwd`
    amr: tuple[str, ...] = ()
    #: authentication context class that they amount to
    acr: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A permission, as it stands at the moment a token is issued.

    For a person, `session_id` names the login; a client that acts for itself has neither login nor session.
    """

    subject: str
    client_id: str
    audience: tuple[str, ...]
    scopes: frozenset[str]
    username: str | None = None
    session_id: str | None = None
    login: LoginEvent | None = None
    binding: KeyBinding = BEARER
    #: who acts on the subject's behalf (RFC 8693, section 4.1)
    actor: Mapping[str, object] | None = None
    #: claims of the ID token and of UserInfo that were asked for one by one (OpenID Connect Core, section 5.5)
    requested_claims: RequestedClaims = NO_CLAIMS
    #: the nonce of the authorization request, for the ID token
    nonce: str | None = None
    #: which bit of which published list says that the session has ended; None where no lists are published
    status: StatusReference | None = None
    #: when the session ends, however much it is used
    ends_at: Timestamp = math.inf
