"""The slots of clients that act for themselves: borrowed for a day, so that a token of theirs costs no write."""

from dataclasses import dataclass, field
from threading import Lock

from gapura_auth.oauth.grants import StatusReference
from gapura_auth.revocation.slots import Slot, list_address
from gapura_auth.store.status_slots import borrow_client_slot
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

LENT_FOR = 24 * 3600.0
#: A slot is borrowed again when it is held for less time than this: much longer than any token lives.
RENEW_BEFORE = LENT_FOR / 2
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class ClientSlots:
    """Finds the slot of a client; every process remembers what it has borrowed."""

    database: Database
    issuer: str
    clock: Clock
    _held: dict[str, tuple[Slot | None, Timestamp]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, client_id: str) -> StatusReference | None:
        """Return the client's place in the status lists; None where it is not registered."""
        now = self.clock()
        slot, until = self._held.get(client_id, (None, 0.0))
        if until - now < RENEW_BEFORE:
            slot = self._borrow(client_id, now)
        return StatusReference(list_address(self.issuer, slot.list_number), slot.index) if slot is not None else None

    def _borrow(self, client_id: str, now: Timestamp) -> Slot | None:
        until = now + LENT_FOR
        with self.database.write() as connection:
            slot = borrow_client_slot(connection, client_id, now, until)
        with self._lock:
            if len(self._held) >= MOST_KEPT:
                self._held.clear()
            self._held[client_id] = (slot, until)
        return slot
