"""Sessions: one per login, the thing that a logout ends and that every token of the login belongs to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from gapura_auth.accounts.session import Session
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.logout_outbox import EndedSession, enqueue_logouts
from gapura_auth.store.tables import sessions
from gapura_chassis.clock import Timestamp


def insert_session(connection: Connection, session: Session) -> None:
    """Store a new session."""
    connection.execute(
        insert(sessions).values({column.name: getattr(session, column.name) for column in sessions.columns})
    )


def begin_session(connection: Connection, session: AuthorizedSession, now: Timestamp) -> None:
    """Store the session that an authorization begins."""
    begun = Session(
        id=session.id,
        account_id=session.account_id,
        client_id=session.client_id,
        address=session.address,
        user_agent=session.user_agent,
        authenticated_at=session.granted.login.at,
        last_seen_at=now,
        expires_at=session.expires_at,
        browser_session_id=session.browser_session_id,
        granted=session.granted.to_json(),
    )
    insert_session(connection, begun)


def replace_granted(connection: Connection, session_id: str, granted: GrantedAuthorization) -> None:
    """Store what was granted in a session anew."""
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(granted=granted.to_json()))


def find_session(connection: Connection, session_id: str) -> Session | None:
    """Return the session with this identifier, live or not."""
    row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
    return _session(row) if row is not None else None


def live_sessions_of(connection: Connection, account_id: str, now: Timestamp) -> Sequence[Session]:
    """Return an account's live sessions, the last used first."""
    query = select(sessions).where(sessions.c.account_id == account_id, _live(now))
    return [_session(row) for row in connection.execute(query.order_by(sessions.c.last_seen_at.desc(), sessions.c.id))]


def has_logged_in_from(connection: Connection, account_id: str, address: str) -> bool:
    """Whether this account has had a session from this address."""
    query = select(sessions.c.id).where(sessions.c.account_id == account_id, sessions.c.address == address)
    return connection.execute(query.limit(1)).first() is not None


def touch_session(connection: Connection, session_id: str, now: Timestamp) -> None:
    """Note that a session was used."""
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(last_seen_at=now))


def revoke_session(connection: Connection, session_id: str, now: Timestamp, because: str) -> bool:
    """End a session and let its client hear of it; False when it was not live any more."""
    return bool(_revoke(connection, sessions.c.id == session_id, now, because))


def end_session(connection: Connection, session_id: str, now: Timestamp, because: str) -> None:
    """End a session for a reason that its owner has not given, and write that down.

    It is no logout: its client learns at its next request, if it was not the one who asked for this.
    """
    if _revoke(connection, sessions.c.id == session_id, now, because, tell_clients=False):
        event = AuditEvent(
            at=now,
            action=AuditAction.SESSION_REVOKED,
            actor="(protocol)",
            target=session_id,
            details={"because": because},
        )
        record(connection, event)


def revoke_sessions_of(
    connection: Connection, account_id: str, now: Timestamp, because: str, *, except_session: str | None = None
) -> int:
    """End every live session of an account, but for one where that is asked; returns how many."""
    which = sessions.c.account_id == account_id
    if except_session is not None:
        which &= sessions.c.id != except_session
    return len(_revoke(connection, which, now, because))


def revoke_sessions_of_browser(
    connection: Connection, browser_session_id: str, now: Timestamp, because: str
) -> Sequence[EndedSession]:
    """End every live session that came of a login in a browser; returns them."""
    return _revoke(connection, sessions.c.browser_session_id == browser_session_id, now, because)


def _revoke(
    connection: Connection, which: ColumnElement[bool], now: Timestamp, because: str, *, tell_clients: bool = True
) -> Sequence[EndedSession]:
    statement = update(sessions).where(which, _live(now)).values(revoked_at=now, revoked_because=because)
    returned = (sessions.c.id, sessions.c.account_id, sessions.c.client_id, sessions.c.granted)
    rows = connection.execute(statement.returning(*returned)).all()
    if tell_clients:
        # nothing was granted in a session of `/login`: it belongs to our own interface
        told = [EndedSession(row.id, row.account_id, row.client_id) for row in rows if row.granted is not None]
        enqueue_logouts(connection, told, now)
    return [EndedSession(row.id, row.account_id, row.client_id) for row in rows]


def _live(now: Timestamp) -> ColumnElement[bool]:
    return sessions.c.revoked_at.is_(None) & (sessions.c.expires_at > now)


def _session(row: Row[Any]) -> Session:
    return Session(**row._mapping)  # noqa: SLF001 -- the public name of a row's columns in SQLAlchemy
