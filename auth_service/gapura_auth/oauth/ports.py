"""What the protocol asks of the outside, no more than its decisions need; `store` and `keys` provide it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from gapura_auth.oauth.authorization_codes import AuthorizationCodeStore, AuthorizedSession
from gapura_auth.oauth.device_codes import DeviceCodeStore
from gapura_auth.oauth.grants import BEARER, Grant, KeyBinding, StatusReference
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
    #: the only client that may use it
    client_id: str
    #: the key that its session's first tokens were bound to
    binding: KeyBinding = BEARER
    consumed_at: Timestamp | None = None
    #: the successor that was issued for it, readable only with the token itself
    successor_sealed: bytes | None = None
    #: whether that successor has been used
    successor_consumed: bool = False


class RefreshTokenStore(Protocol):
    """The refresh tokens of all sessions, within one transaction."""

    def find(self, digest: bytes) -> StoredRefreshToken | None:
        """Return the token with this SHA-256 digest."""

    def add(self, digest: bytes, session_id: str, expires_at: Timestamp, now: Timestamp) -> None:
        """Keep a new token."""

    def consume(self, used: StoredRefreshToken, successor: "Successor", now: Timestamp) -> bool:
        """Use a token up and keep its successor, in one step; False when somebody was first."""

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what the session's tokens stand for; None when it has ended or its account is disabled."""

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and with it the whole family of its refresh tokens."""


@dataclass(frozen=True, slots=True)
class Successor:
    """The refresh token that comes after another one."""

    digest: bytes
    expires_at: Timestamp
    #: readable only with the token before it
    sealed: bytes


class SessionStore(Protocol):
    """The sessions that tokens belong to, within one transaction."""

    def begin(self, session: AuthorizedSession, now: Timestamp) -> None:
        """Keep a new session."""

    def bind(self, session_id: str, binding: KeyBinding) -> None:
        """Note the key that the session's tokens are bound to."""

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what a session stands for, to look at it: nothing is written."""

    def end(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke a session and every token of it."""


class Transaction(Protocol):
    """What is read and changed together, or not at all."""

    @property
    def codes(self) -> AuthorizationCodeStore:
        """The authorization codes."""

    @property
    def refresh_tokens(self) -> RefreshTokenStore:
        """The refresh tokens."""

    @property
    def device_codes(self) -> DeviceCodeStore:
        """The device codes."""

    @property
    def sessions(self) -> SessionStore:
        """The sessions."""


class Transactions(Protocol):
    """Begins transactions: committed at the end of the block, undone when it raises."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin one that may change something."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin one that changes nothing."""


class ClientStatuses(Protocol):
    """Where guards see whether a client may still act for itself."""

    def of(self, client_id: str) -> StatusReference | None:
        """Return the client's place in the status lists; it costs no write but the first time in hours."""
