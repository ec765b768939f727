"""Logins in browsers, found by the digest of what their cookie holds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from gapura_auth.browser.session import BrowserSession
from gapura_auth.store.logout_outbox import EndedSession
from gapura_auth.store.sessions import revoke_sessions_of_browser
from gapura_auth.store.tables import accounts, browser_sessions
from gapura_chassis.clock import Timestamp


def insert_browser_session(connection: Connection, digest: bytes, session: BrowserSession) -> None:
    """Keep a new login."""
    connection.execute(insert(browser_sessions).values(digest=digest, id=session.id, **_values(session)))


def find_browser_session(
    connection: Connection, digest: bytes, now: Timestamp, idle_since: Timestamp
) -> BrowserSession | None:
    """Return a login that has neither ended nor been left alone since, and is as new as its account's password."""
    query = (
        select(browser_sessions)
        .join(accounts, accounts.c.id == browser_sessions.c.account_id)
        .where(
            browser_sessions.c.digest == digest,
            browser_sessions.c.last_seen_at > idle_since,
            _live(now),
            accounts.c.disabled_at.is_(None),
            accounts.c.password_changed_at <= browser_sessions.c.authenticated_at,
        )
    )
    row = connection.execute(query).one_or_none()
    return _session(row) if row is not None else None


def renew_browser_session(connection: Connection, old: bytes, new: bytes, session: BrowserSession) -> bool:
    """Give a login another cookie after its owner has proved again who they are; False when it ended meanwhile."""
    same = (browser_sessions.c.digest == old) & (browser_sessions.c.account_id == session.account_id)
    statement = update(browser_sessions).where(same, _live(session.authenticated_at))
    return connection.execute(statement.values(digest=new, **_values(session))).rowcount == 1


def touch_browser_session(connection: Connection, session_id: str, now: Timestamp) -> None:
    """Note that a login was used."""
    connection.execute(update(browser_sessions).where(browser_sessions.c.id == session_id).values(last_seen_at=now))


def revoke_browser_session(connection: Connection, session_id: str, now: Timestamp) -> bool:
    """End a login; False when it had ended."""
    statement = update(browser_sessions).where(browser_sessions.c.id == session_id, _live(now))
    return connection.execute(statement.values(revoked_at=now)).rowcount == 1


def end_browser_session(
    connection: Connection, session_id: str, now: Timestamp, because: str
) -> Sequence[EndedSession] | None:
    """End a login, and every session that came of it; returns those, and None when the login had ended."""
    if not revoke_browser_session(connection, session_id, now):
        return None
    return revoke_sessions_of_browser(connection, session_id, now, because)


def revoke_browser_sessions_of(
    connection: Connection, account_id: str, now: Timestamp, *, except_session: str | None = None
) -> int:
    """End every login of an account, but for one where that is asked; returns how many."""
    statement = update(browser_sessions).where(browser_sessions.c.account_id == account_id, _live(now))
    if except_session is not None:
        statement = statement.where(browser_sessions.c.id != except_session)
    return connection.execute(statement.values(revoked_at=now)).rowcount


def is_live_browser_session(connection: Connection, session_id: str, now: Timestamp) -> bool:
    """Whether a login has not ended; holds its row, so that it cannot end until the transaction does."""
    query = select(browser_sessions.c.id).where(browser_sessions.c.id == session_id, _live(now)).with_for_update()
    return connection.execute(query).first() is not None


def _live(now: Timestamp) -> ColumnElement[bool]:
    return browser_sessions.c.revoked_at.is_(None) & (browser_sessions.c.expires_at > now)


def _values(session: BrowserSession) -> dict[str, object]:
    return {
        "account_id": session.account_id,
        "authenticated_at": session.authenticated_at,
        "amr": " ".join(session.amr),
        "acr": session.acr,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
    }


def _session(row: Row[Any]) -> BrowserSession:
    return BrowserSession(
        id=row.id,
        account_id=row.account_id,
        authenticated_at=row.authenticated_at,
        amr=tuple(row.amr.split()),
        acr=row.acr,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )
