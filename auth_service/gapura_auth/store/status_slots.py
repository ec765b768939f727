"""Which session holds which slot of the status lists, and which slots belong to sessions that have ended."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select, update

from gapura_auth.revocation.slots import LIST_SIZE, REST, Slot
from gapura_auth.store.tables import sessions, status_slots
from gapura_chassis.clock import Timestamp


def borrow_slot(connection: Connection, session_id: str, now: Timestamp, until: Timestamp) -> Slot:
    """Return the session's slot, its own if it still has one, held until the given time at least."""
    held = select(sessions.c.status_slot).where(sessions.c.id == session_id)
    number = connection.execute(held).scalar()
    if number is not None and _prolong(connection, number, session_id, until):
        return Slot(number)
    number = _take_rested(connection, session_id, now, until)
    if number is None:
        number = _add(connection, session_id, until)
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(status_slot=number))
    return Slot(number)


def revoked_indexes(connection: Connection, list_number: int, since: Timestamp) -> Sequence[int]:
    """Return the set bits of a list: sessions that ended after `since`, whose tokens may still be about."""
    first = list_number * LIST_SIZE
    query = select(sessions.c.status_slot).where(
        sessions.c.revoked_at > since, sessions.c.status_slot >= first, sessions.c.status_slot < first + LIST_SIZE
    )
    return [number - first for number in connection.execute(query.order_by(sessions.c.status_slot)).scalars()]


def count_lists(connection: Connection) -> int:
    """Return how many lists there are; at least one, so that a guard's first question has an answer."""
    newest = connection.execute(select(func.max(status_slots.c.number))).scalar()
    return 1 if newest is None else newest // LIST_SIZE + 1


def _prolong(connection: Connection, number: int, session_id: str, until: Timestamp) -> bool:
    own = (status_slots.c.number == number) & (status_slots.c.session_id == session_id)
    return connection.execute(update(status_slots).where(own).values(held_until=until)).rowcount == 1


def _take_rested(connection: Connection, session_id: str, now: Timestamp, until: Timestamp) -> int | None:
    rested = status_slots.c.held_until < now - REST
    candidate = select(status_slots.c.number).where(rested).order_by(status_slots.c.held_until).limit(1)
    statement = (
        update(status_slots)
        .where(status_slots.c.number == candidate.with_for_update(skip_locked=True).scalar_subquery(), rested)
        .values(session_id=session_id, held_until=until)
        .returning(status_slots.c.number)
    )
    return connection.execute(statement).scalar()


def _add(connection: Connection, session_id: str, until: Timestamp) -> int:
    statement = insert(status_slots).values(session_id=session_id, held_until=until)
    number: int = connection.execute(statement.returning(status_slots.c.number)).scalar_one()
    return number
