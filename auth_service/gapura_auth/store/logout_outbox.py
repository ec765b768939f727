"""Logouts on their way to clients (OpenID Connect Back-Channel Logout), written in the transaction that ends a session.

A row is named after its session, which ends only once. `attempts` is how a process proves that a row is still its own:
whoever claims a row counts it up, and what is said of it later holds only where it has not been counted up since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import ColumnElement, Connection, insert, select, update

from gapura_auth.store.tables import clients
from gapura_auth.store.tables import logout_outbox as outbox
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class EndedSession:
    """A session that has just ended."""

    id: str
    account_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class PendingLogout:
    """A row that this process has claimed."""

    id: str
    client_id: str
    account_id: str
    session_id: str
    attempts: int
    created_at: Timestamp


def enqueue_logouts(connection: Connection, ended: Sequence[EndedSession], now: Timestamp) -> None:
    """Keep a row for every session whose client wants to hear of its end."""
    if not ended:
        return
    addresses = _addresses(connection, {session.client_id for session in ended})
    rows = [_row(session, addresses[session.client_id], now) for session in ended if session.client_id in addresses]
    if rows:
        connection.execute(insert(outbox), rows)


def has_due_logouts(connection: Connection, now: Timestamp) -> bool:
    """Whether a row waits to be claimed."""
    return connection.execute(select(outbox.c.id).where(_due(now)).limit(1)).first() is not None


def claim_logouts(connection: Connection, now: Timestamp, until: Timestamp, limit: int) -> Sequence[PendingLogout]:
    """Claim the due rows of the client that waits longest; nobody else gets them before `until`."""
    first = select(outbox.c.client_id).where(_due(now)).order_by(outbox.c.next_attempt_at, outbox.c.id).limit(1)
    client_id = connection.execute(first).scalar()
    if client_id is None:
        return ()
    of_client = (outbox.c.client_id == client_id) & _due(now)
    batch = select(outbox.c.id).where(of_client).order_by(outbox.c.next_attempt_at, outbox.c.id).limit(limit)
    # what another process claims at this moment is passed over; SQLite has one writer at a time, and no such clause
    free = outbox.c.id.in_(batch.with_for_update(skip_locked=True).cte("free").select())
    statement = update(outbox).where(free, of_client).values(attempts=outbox.c.attempts + 1, next_attempt_at=until)
    rows = connection.execute(statement.returning(*(outbox.c[name] for name in PendingLogout.__dataclass_fields__)))
    return [PendingLogout(*row) for row in rows]


def mark_delivered(connection: Connection, logout: PendingLogout, now: Timestamp) -> bool:
    """Note that the client has it; False when the row is no longer this process's own."""
    statement = update(outbox).where(_still(logout)).values(delivered_at=now)
    return connection.execute(statement).rowcount == 1


def mark_given_up(connection: Connection, logout: PendingLogout, now: Timestamp) -> bool:
    """Note that the client will not get it; False when the row is no longer this process's own."""
    statement = update(outbox).where(_still(logout)).values(given_up_at=now)
    return connection.execute(statement).rowcount == 1


def put_off(connection: Connection, logout: PendingLogout, until: Timestamp) -> bool:
    """Let a row wait; False when it is no longer this process's own."""
    statement = update(outbox).where(_still(logout)).values(next_attempt_at=until)
    return connection.execute(statement).rowcount == 1


def _pending() -> ColumnElement[bool]:
    return outbox.c.delivered_at.is_(None) & outbox.c.given_up_at.is_(None)


def _due(now: Timestamp) -> ColumnElement[bool]:
    return _pending() & (outbox.c.next_attempt_at <= now)


def _still(logout: PendingLogout) -> ColumnElement[bool]:
    return (outbox.c.id == logout.id) & (outbox.c.attempts == logout.attempts) & _pending()


def _addresses(connection: Connection, client_ids: Iterable[str]) -> dict[str, str]:
    """Return where clients want to hear; empty where only a document on the web says whether and where they do."""
    query = select(clients.c.id, clients.c.metadata, clients.c.deleted_at).where(clients.c.id.in_(client_ids))
    registered = {row.id: row for row in connection.execute(query)}
    found: dict[str, str] = {one: "" for one in client_ids if one not in registered and "://" in one}
    for row in registered.values():
        address = orjson.loads(row.metadata).get("backchannel_logout_uri")
        if address is not None and row.deleted_at is None:
            found[row.id] = address
    return found


def _row(session: EndedSession, address: str, now: Timestamp) -> dict[str, object]:
    return {
        "id": session.id,
        "client_id": session.client_id,
        "address": address,
        "account_id": session.account_id,
        "session_id": session.id,
        "attempts": 0,
        "next_attempt_at": now,
        "created_at": now,
    }
