"""What happens by itself in the background: keys are rotated, what has expired is deleted, clients hear of logouts.

Every worker process does it; each step is a conditional statement, so it does not matter how many there are.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from gapura_auth.store.expiry import delete_expired
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

EVERY_SECONDS = 60.0

log = structlog.get_logger("gapura.housekeeping")


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """The chores, by name; each returns how much it did."""

    chores: Mapping[str, Callable[[], int]]
    #: seconds between two rounds; None for those that are in no hurry
    every_seconds: float | None = None
    _bell: threading.Event = field(default_factory=threading.Event, init=False)

    def wake(self) -> None:
        """Let the next round begin now."""
        self._bell.set()

    def do_all(self) -> None:
        """Do every chore once; one that fails is logged and does not keep the others from being done."""
        for name, chore in self.chores.items():
            try:
                done = chore()
            except Exception:
                log.exception("chore failed", chore=name)
                continue
            if done:
                log.info("chore done", chore=name, count=done)

    def start(self) -> threading.Event:
        """Begin to do the chores regularly in a thread of their own; returns the event that ends it."""
        stop = threading.Event()

        def work() -> None:
            while True:
                self._bell.wait(EVERY_SECONDS if self.every_seconds is None else self.every_seconds)
                self._bell.clear()  # before the round: whoever rings during it gets another one
                if stop.is_set():
                    return
                self.do_all()

        threading.Thread(target=work, name="housekeeping", daemon=True).start()
        return stop


def purge(database: Database, clock: Clock) -> Callable[[], int]:
    """Return the chore that deletes what has expired."""

    def chore() -> int:
        with database.write() as connection:
            return delete_expired(connection, clock())

    return chore
