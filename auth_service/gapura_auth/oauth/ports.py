"""What the protocol asks of the outside, no more than its decisions need; `store` and `keys` provide it."""

from dataclasses import dataclass
from typing import Protocol

from gapura_auth.oauth.grants import Grant
from gapura_chassis.clock import Timestamp


class Signer(Protocol):
    """Signs the claims of a token with the key that signs at present."""

    def sign(self, claims: dict[str, object], *, typ: str) -> str:
        """Return a compact JWS (RFC 7515) whose header names `typ`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRefreshToken:
    """What is kept of a refresh token: never the token itself."""

    digest: bytes
    session_id: str
    expires_at: Timestamp
    consumed_at: Timestamp | None = None
    #: the successor that was issued for it, readable only with the token itself
    successor_sealed: bytes | None = None
    #: whether that successor has been used
    successor_consumed: bool = False


class RefreshTokenStore(Protocol):
    """The refresh tokens of all sessions, within one transaction."""

    def find(self, digest: bytes) -> StoredRefreshToken | None:
        """Return the token with this SHA-256 digest."""

    def add(self, token: StoredRefreshToken, now: Timestamp) -> None:
        """Keep a new token."""

    def consume(self, digest: bytes, successor: StoredRefreshToken, sealed: bytes, now: Timestamp) -> bool:
        """Use a token up and keep its successor, in one step; False when somebody was first."""

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what the session's tokens stand for; None when it has ended or its account is disabled."""

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and with it the whole family of its refresh tokens."""
