import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from gapura_auth.credentials.errors import TooBusy


class HashingSlots:
    """A bounded number of places to hash in, and a short queue in front of them, first come, first served.

    Argon2 takes a whole core for tens of milliseconds. Without a bound a login storm starves every other request of
    the process; with one, the storm is told early to come back. Safe to share between threads.
    """

    def __init__(self, slots: int, queue: int, wait_seconds: float) -> None:
        if slots < 1 or queue < 0 or wait_seconds < 0:
            raise ValueError("Hashing needs at least one slot, and neither a negative queue nor a negative wait.")
        self._slots = slots
        self._queue_limit = queue
        self._wait_seconds = wait_seconds
        self._lock = Lock()
        self._queue: deque[Event] = deque()
        self._in_use = 0
        self._refused = 0

    @property
    def in_use(self) -> int:
        """How many slots are taken now."""
        return self._in_use

    @property
    def waiting(self) -> int:
        """How many threads are queueing now."""
        return len(self._queue)

    @property
    def refused(self) -> int:
        """How many were turned away since the start."""
        return self._refused

    @contextmanager
    def acquire(self) -> Iterator[None]:
        """Hold a slot for a block; raises ``TooBusy`` at once where the queue is full, or after the wait."""
        turn = self._take_or_queue()
        if turn is not None:
            self._wait_for(turn)
        try:
            yield
        finally:
            self._release()

    def _take_or_queue(self) -> Event | None:
        with self._lock:
            # Slots are handed from holder to holder, so a free one means that nobody is waiting.
            if self._in_use < self._slots:
                self._in_use += 1
                return None
            if len(self._queue) >= self._queue_limit:
                raise self._refusal()
            turn = Event()
            self._queue.append(turn)
            return turn

    def _wait_for(self, turn: Event) -> None:
        try:
            turn.wait(self._wait_seconds)
        except BaseException:
            if not self._left_queue(turn):
                self._release()
            raise
        # Only the lock can tell: the slot may have been handed over just after the wait ended.
        if self._left_queue(turn):
            with self._lock:
                raise self._refusal()

    def _left_queue(self, turn: Event) -> bool:
        """Leave the queue; ``False`` where the slot was handed over already and is now ours."""
        with self._lock:
            if turn.is_set():
                return False
            self._queue.remove(turn)
            return True

    def _release(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._in_use -= 1

    def _refusal(self) -> TooBusy:
        self._refused += 1
        return TooBusy(retry_after=max(1, math.ceil(self._wait_seconds)))
