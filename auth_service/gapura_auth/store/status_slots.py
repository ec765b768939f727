"""Who holds which slot of the status lists, and which slots belong to sessions and clients that have ended."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, union, update

from gapura_auth.revocation.slots import LIST_SIZE, REST, Slot
from gapura_auth.store.tables import clients, sessions, status_slots
from gapura_chassis.clock import Timestamp


def borrow_slot(connection: Connection, session_id: str, now: Timestamp, until: Timestamp) -> Slot:
    """Return the session's slot, its own if it still has one, held until the given time at least."""
    return _borrow(connection, sessions, session_id, session_id, now, until)


def borrow_client_slot(connection: Connection, client_id: str, now: Timestamp, until: Timestamp) -> Slot | None:
    """Return the slot of a client that acts for itself, likewise; None where it is not registered."""
    if connection.execute(select(clients.c.id).where(clients.c.id == client_id)).first() is None:
        return None
    # identifiers of clients may be longer than those of sessions, and must never be the same
    holder = "c-" + hashlib.sha256(client_id.encode()).hexdigest()[:32]
    return _borrow(connection, clients, client_id, holder, now, until)


def _borrow(  # noqa: PLR0913, PLR0917 -- private, and every argument is another kind of thing
    connection: Connection, owners: Table, owner: str, holder: str, now: Timestamp, until: Timestamp
) -> Slot:
    # held: of two who borrow for the same owner at once, the second must find the slot of the first
    held = select(owners.c.status_slot).where(owners.c.id == owner).with_for_update()
    number = connection.execute(held).scalar()
    if number is not None and _prolong(connection, number, holder, until):
        return Slot(number)
    number = _take_rested(connection, holder, now, until)
    if number is None:
        number = _add(connection, holder, until)
    connection.execute(update(owners).where(owners.c.id == owner).values(status_slot=number))
    return Slot(number)


def revoked_indexes(connection: Connection, list_number: int, since: Timestamp) -> Sequence[int]:
    """Return the set bits of a list: of what ended after `since`, whose tokens may still be about."""
    first = list_number * LIST_SIZE
    ended = union(
        select(sessions.c.status_slot).where(sessions.c.revoked_at > since, _in_list(sessions, first)),
        select(clients.c.status_slot).where(clients.c.deleted_at > since, _in_list(clients, first)),
    )
    return sorted(number - first for number in connection.execute(ended).scalars())


def count_lists(connection: Connection) -> int:
    """Return how many lists there are; at least one, so that a guard's first question has an answer."""
    newest = connection.execute(select(func.max(status_slots.c.number))).scalar()
    return 1 if newest is None else newest // LIST_SIZE + 1


def _in_list(owners: Table, first: int) -> ColumnElement[bool]:
    return owners.c.status_slot.between(first, first + LIST_SIZE - 1)


def _prolong(connection: Connection, number: int, holder: str, until: Timestamp) -> bool:
    own = (status_slots.c.number == number) & (status_slots.c.session_id == holder)
    return connection.execute(update(status_slots).where(own).values(held_until=until)).rowcount == 1


def _take_rested(connection: Connection, holder: str, now: Timestamp, until: Timestamp) -> int | None:
    rested = status_slots.c.held_until < now - REST
    candidate = select(status_slots.c.number).where(rested).order_by(status_slots.c.held_until).limit(1)
    statement = (
        update(status_slots)
        .where(status_slots.c.number == candidate.with_for_update(skip_locked=True).scalar_subquery(), rested)
        .values(session_id=holder, held_until=until)
        .returning(status_slots.c.number)
    )
    return connection.execute(statement).scalar()


def _add(connection: Connection, holder: str, until: Timestamp) -> int:
    statement = insert(status_slots).values(session_id=holder, held_until=until)
    number: int = connection.execute(statement.returning(status_slots.c.number)).scalar_one()
    return number
