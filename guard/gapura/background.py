import logging
import os
import threading
from collections.abc import Callable
from typing import Protocol

logger = logging.getLogger(__name__)
PAUSE_AFTER_FAILURE = 1.0

Job = Callable[[], float]
"""One round of work, which answers in how many seconds the next is due."""


class Worker(Protocol):
    """Who repeats a job: a thread, or a test."""

    def start(self) -> None:
        """Begin to repeat, if that has not happened."""

    def wake(self, patience: float) -> None:
        """Run the job soon, and wait that long for it at most."""


class WorkerFactory(Protocol):
    """How a worker is made for a job."""

    def __call__(self, job: Job, name: str) -> Worker:
        """Make a worker that has not begun."""


class Background:
    """Repeats a job in a daemon thread, one round at a time.

    The thread starts on first use and starts again after a fork, so a server may load the application before it forks.
    """

    _starting = threading.Lock()
    _forks = 0
    """How many forks lie between this process and the first: asking the system who we are would cost every request."""

    def __init__(self, job: Job, name: str) -> None:
        self._job = job
        self._name = name
        self._rounds = _Rounds()
        self._started_after: int | None = None

    def start(self) -> None:
        """Make sure that the thread runs in this process; cheap enough to be asked on every request."""
        if self._started_after != Background._forks:
            with Background._starting:
                self._start()

    def wake(self, patience: float) -> None:
        """Ask for a round now, and wait at most `patience` seconds until one that began after this has ended."""
        self.start()
        self._rounds.ask(patience)

    @classmethod
    def after_fork(cls) -> None:
        """Note in a child process that no thread came along, and that nobody will release a lock held at the fork."""
        cls._forks += 1
        cls._starting = threading.Lock()

    def _start(self) -> None:
        if self._started_after != Background._forks:
            self._rounds = _Rounds()
            self._started_after = Background._forks
            threading.Thread(target=self._run, args=(self._rounds,), name=self._name, daemon=True).start()

    def _run(self, rounds: "_Rounds") -> None:
        while True:
            rounds.begin()
            rounds.end_and_wait(self._work())

    def _work(self) -> float:
        try:
            return self._job()
        except Exception:
            # Nobody would notice a thread that is gone until everything it keeps fresh is stale.
            logger.exception("A round of %s failed; there will be another.", self._name)
            return PAUSE_AFTER_FAILURE


class _Rounds:
    """Counts the rounds of one thread, and lets others ask for one and wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._begun = 0
        self._ended = 0
        self._asked = False

    def ask(self, patience: float) -> None:
        with self._changed:
            wanted = self._begun + 1
            self._asked = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._ended >= wanted, timeout=patience)

    def begin(self) -> None:
        with self._changed:
            self._begun += 1
            self._asked = False

    def end_and_wait(self, pause: float) -> None:
        with self._changed:
            self._ended = self._begun
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._asked, timeout=pause)


os.register_at_fork(after_in_child=Background.after_fork)
