"""The store under a service: embedded SQLite or PostgreSQL, with the same two verbs on both.

`read()` gives a connection for queries, and refuses anything else. `write()` gives one inside a transaction that is
committed when the block ends and rolled back when it raises. How the two kinds of database keep these promises stands
in `sqlite` and `postgresql`; docs/adr/0003 says why there are two verbs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError

from gapura_chassis import sqlite
from gapura_chassis.settings import ConfigurationError

Turn = Callable[[], AbstractContextManager[None]]
Patience = Callable[[Connection], AbstractContextManager[object]]

_SERVICE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


class Database:
    """One service's database: a pool of connections and the two ways to use one."""

    def __init__(
        self,
        engine: Engine,
        *,
        reading: Mapping[str, object],
        turn: Turn = nullcontext,
        patience: Patience = nullcontext,
    ) -> None:
        """Use an engine.

        Args:
            engine: the pool of connections.
            reading: execution options of connections that only read.
            turn: what every writer waits for before it asks the pool for a connection.
            patience: lifts the time limits of one connection's statements.

        """
        self.engine = engine
        self._reader = engine.execution_options(**reading)
        self._turn = turn
        self._patience = patience

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection for queries; what it would change is refused by the database."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend a connection inside a transaction: committed at the end of the block, rolled back if it raises."""
        with self._turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """Lend a connection as `write` does, whose statements may take as long as they must."""
        with self.write() as connection, self._patience(connection):
            yield connection

    def ping(self) -> None:
        """Ask the database for the simplest answer; raises what the driver raises when it is away."""
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_database(address: str, *, service: str, connections: int) -> Database:
    """Open the database at a `sqlite:///…` or `postgresql://…` address.

    Args:
        address: the URL, as an operator writes it.
        service: name of the service; on PostgreSQL its tables live in a schema of that name, so that the three
            services can share one database without knowing of one another.
        connections: the most connections that are open at once; at least the number of request threads.

    Raises:
        ConfigurationError: when the address is not one of the two kinds, or its folder cannot be made.

    """
    if not _SERVICE_NAME.fullmatch(service):
        message = f"{service!r} cannot name a service: it becomes the name of a schema."
        raise ValueError(message)
    url = _parse(address)
    if url.get_backend_name() == "sqlite":
        return Database(sqlite.open_engine(url, connections), reading=sqlite.READING, turn=sqlite.Turns())
    return _open_postgresql(url, service, connections)


def _open_postgresql(url: URL, service: str, connections: int) -> Database:
    from gapura_chassis import postgresql  # noqa: PLC0415 -- its driver's 60 ms are for those who use it

    engine = postgresql.open_engine(url, service, connections)
    return Database(engine, reading=postgresql.READING, patience=postgresql.patience)


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # ValueError: a port that is not a number
        url = None
    if url is not None and url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url is not None and url.drivername == "sqlite" and url.database and _is_file(url.database):
        return url
    message = (
        "DATABASE_URL must look like postgresql://user:password@host:5432/name or sqlite:////absolute/path.sqlite3."
    )
    raise ConfigurationError(message)


def _is_file(database: str) -> bool:
    # a database in memory would be another one on every connection of the pool
    return not database.startswith((":memory:", "file:"))
