"""SQLite as a service's store: safe defaults, no lost updates, and writers who take turns.

A writer takes the write lock at once (`BEGIN IMMEDIATE`): with the driver's own deferred transactions two writers read
the same row and one update is silently lost. SQLite lets writers who wait poll for the lock, and whoever polls at the
right moment wins; so the threads of one process queue up in `Turns` first, and only processes poll.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gapura_chassis.settings import ConfigurationError

BUSY_SECONDS = 5.0
POOL_WAIT_SECONDS = 1.0

_READS = "gapura_reads"
READING: dict[str, object] = {_READS: True}

_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")


class Turns:
    """Lets one thread of this process write at a time."""

    def __init__(self, seconds: float = BUSY_SECONDS) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for the turn and hold it; raises SQLAlchemy's TimeoutError when it does not come."""
        if not self._lock.acquire(timeout=self._seconds):
            message = f"no turn to write came within {self._seconds:g} s"
            raise PoolTimeout(message)
        try:
            yield
        finally:
            self._lock.release()


def open_engine(url: URL, connections: int) -> Engine:
    """Return the pool of connections to a file, which is made if it is missing, readable for its owner only."""
    _make_file(Path(url.database or ""))
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        message = f"The database {path} cannot be opened: {error.strerror}. See GAPURA_HOME and DATABASE_URL."
        raise ConfigurationError(message) from None


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    _use_write_ahead_log(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # two processes that open a new file at once: SQLite does not wait for this lock by itself
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute("PRAGMA query_only=ON" if reads else "PRAGMA query_only=OFF")  # SQLAlchemy's way costs 15 µs more
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")  # may find the lock taken: its error, then
