from collections.abc import Mapping
from typing import NamedTuple


class AccessToken(NamedTuple):
    """A verified access token (RFC 9068 section 2.2); times are seconds since the epoch.

    `claims` holds everything the token says, read-only all the way down: lists are tuples. It is a named tuple because
    a frozen dataclass of this size costs every new token a microsecond and a half more.
    """

    subject: str
    username: str
    issuer: str | None
    audience: tuple[str, ...]
    scopes: frozenset[str]
    client_id: str | None
    session_id: str | None
    token_id: str | None
    issued_at: float
    expires_at: float
    auth_time: float | None
    acr: str | None
    claims: Mapping[str, object]

    def has_scope(self, *scopes: str) -> bool:
        """Tell whether the token carries all of these scopes."""
        return self.scopes.issuperset(scopes)
