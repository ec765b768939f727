"""Refresh tokens in SQL: the protocol's `RefreshTokenStore` over one transaction."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import BEARER, Grant, KeyBinding, StatusReference
from gapura_auth.oauth.ports import StoredRefreshToken, Successor
from gapura_auth.revocation.slots import list_address
from gapura_auth.store.session_grants import SqlSessions
from gapura_auth.store.sessions import touch_session
from gapura_auth.store.status_slots import borrow_slot
from gapura_auth.store.tables import refresh_tokens, sessions
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class SlotLending:
    """How slots of the status lists are lent: to whose tokens, and for how long (seconds)."""

    issuer: str
    token_lifetime: int


@dataclass(frozen=True, slots=True)
class SqlRefreshTokens:
    """The refresh tokens as one transaction sees them."""

    connection: Connection
    audience: tuple[str, ...]
    lending: SlotLending | None

    def find(self, digest: bytes) -> StoredRefreshToken | None:
        """Return the token with this SHA-256 digest."""
        successor = refresh_tokens.alias("successor")
        query = (
            select(
                refresh_tokens,
                successor.c.consumed_at.is_not(None).label("successor_consumed"),
                sessions.c.client_id,
                sessions.c.granted,
            )
            .join(sessions, sessions.c.id == refresh_tokens.c.session_id)
            .outerjoin(successor, successor.c.digest == refresh_tokens.c.successor_digest)
            .where(refresh_tokens.c.digest == digest)
        )
        row = self.connection.execute(query).one_or_none()
        return _token(row) if row is not None else None

    def add(self, digest: bytes, session_id: str, expires_at: Timestamp, now: Timestamp) -> None:
        """Keep a new token."""
        values = {"digest": digest, "session_id": session_id, "issued_at": now, "expires_at": expires_at}
        self.connection.execute(insert(refresh_tokens).values(values))

    def consume(self, used: StoredRefreshToken, successor: Successor, now: Timestamp) -> bool:
        """Use a token up and keep its successor, in one step; False when somebody was first."""
        unused = (refresh_tokens.c.digest == used.digest) & refresh_tokens.c.consumed_at.is_(None)
        consumed = self.connection.execute(
            update(refresh_tokens)
            .where(unused)
            .values(consumed_at=now, successor_digest=successor.digest, successor_sealed=successor.sealed)
        )
        if consumed.rowcount != 1:
            return False
        self.add(successor.digest, used.session_id, successor.expires_at, now)
        touch_session(self.connection, used.session_id, now)
        return True

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what the session's tokens stand for; None when it has ended or its account is disabled."""
        grant = self._sessions.live_grant(session_id, now)
        return replace(grant, status=self._status(session_id, now)) if grant is not None else None

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and with it the whole family of its refresh tokens."""
        self._sessions.end(session_id, now, because)

    @property
    def _sessions(self) -> SqlSessions:
        return SqlSessions(self.connection, self.audience)

    def _status(self, session_id: str, now: Timestamp) -> StatusReference | None:
        if self.lending is None:
            return None
        slot = borrow_slot(self.connection, session_id, now, now + self.lending.token_lifetime)
        return StatusReference(list_address(self.lending.issuer, slot.list_number), slot.index)


def _token(row: Row[Any]) -> StoredRefreshToken:
    return StoredRefreshToken(
        digest=row.digest,
        session_id=row.session_id,
        client_id=row.client_id,
        binding=_binding(row.granted),
        expires_at=row.expires_at,
        consumed_at=row.consumed_at,
        successor_sealed=row.successor_sealed,
        successor_consumed=bool(row.successor_consumed),
    )


def _binding(granted: str | None) -> KeyBinding:
    return GrantedAuthorization.from_json(granted).binding if granted is not None else BEARER
