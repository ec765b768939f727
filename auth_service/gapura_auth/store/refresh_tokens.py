"""Refresh tokens in SQL: the protocol's `RefreshTokenStore` over one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from gapura_auth.oauth.grants import Grant, LoginEvent, StatusReference
from gapura_auth.oauth.ports import StoredRefreshToken
from gapura_auth.revocation.slots import list_address
from gapura_auth.store.accounts import find_account
from gapura_auth.store.roles import scopes_of
from gapura_auth.store.sessions import find_session, revoke_session, touch_session
from gapura_auth.store.status_slots import borrow_slot
from gapura_auth.store.tables import refresh_tokens
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
            select(refresh_tokens, successor.c.consumed_at.is_not(None).label("successor_consumed"))
            .outerjoin(successor, successor.c.digest == refresh_tokens.c.successor_digest)
            .where(refresh_tokens.c.digest == digest)
        )
        row = self.connection.execute(query).one_or_none()
        if row is None:
            return None
        return StoredRefreshToken(
            digest=row.digest,
            session_id=row.session_id,
            expires_at=row.expires_at,
            consumed_at=row.consumed_at,
            successor_sealed=row.successor_sealed,
            successor_consumed=bool(row.successor_consumed),
        )

    def add(self, token: StoredRefreshToken, now: Timestamp) -> None:
        """Keep a new token."""
        self.connection.execute(
            insert(refresh_tokens).values(
                digest=token.digest, session_id=token.session_id, issued_at=now, expires_at=token.expires_at
            )
        )

    def consume(self, digest: bytes, successor: StoredRefreshToken, sealed: bytes, now: Timestamp) -> bool:
        """Use a token up and keep its successor, in one step; False when somebody was first."""
        unused = (refresh_tokens.c.digest == digest) & refresh_tokens.c.consumed_at.is_(None)
        consumed = self.connection.execute(
            update(refresh_tokens)
            .where(unused)
            .values(consumed_at=now, successor_digest=successor.digest, successor_sealed=sealed)
        )
        if consumed.rowcount != 1:
            return False
        self.add(successor, now)
        touch_session(self.connection, successor.session_id, now)
        return True

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what the session's tokens stand for; None when it has ended or its account is disabled."""
        session = find_session(self.connection, session_id)
        if session is None or not session.is_live(now):
            return None
        account = find_account(self.connection, session.account_id)
        if account is None or not account.is_enabled:
            return None
        return Grant(
            subject=account.id,
            username=account.username,
            client_id=session.client_id,
            session_id=session.id,
            audience=self.audience,
            scopes=scopes_of(self.connection, account.id),
            login=LoginEvent(session.authenticated_at, amr=("pwd",)),
            status=self._status(session.id, now),
            ends_at=session.expires_at,
        )

    def _status(self, session_id: str, now: Timestamp) -> StatusReference | None:
        if self.lending is None:
            return None
        slot = borrow_slot(self.connection, session_id, now, now + self.lending.token_lifetime)
        return StatusReference(list_address(self.lending.issuer, slot.list_number), slot.index)

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and with it the whole family of its refresh tokens."""
        revoke_session(self.connection, session_id, now, because)
