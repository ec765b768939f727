"""The store under a service: embedded SQLite or PostgreSQL, with the same two verbs on both.

`read()` gives a connection for queries. `write()` gives one inside a transaction that is committed when the block ends
and rolled back when it raises. On SQLite a writer takes the write lock at once (`BEGIN IMMEDIATE`): with the driver's
own deferred transactions two writers read the same row, and one update is silently lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from gapura_chassis.settings import ConfigurationError

SQLITE_BUSY_MILLISECONDS = 5_000
POOL_WAIT_SECONDS = 1.0
CONNECT_SECONDS = 2

_WRITES = "gapura_writes"


class Database:
    """One service's database: a pool of connections and the two ways to use one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection for queries; nothing done through it is kept."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Lend a connection inside a transaction: committed at the end of the block, rolled back if it raises."""
        with self._writer.begin() as connection:
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
        ConfigurationError: when the address is not one of the two kinds.

    """
    url = _parse(address)
    if url.get_backend_name() == "sqlite":
        return Database(_open_sqlite(url, connections))
    return Database(_open_postgresql(url, service, connections))


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is not None and url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url is not None and url.drivername == "sqlite" and url.database:
        return url
    message = (
        "DATABASE_URL must look like postgresql://user:password@host:5432/name or sqlite:////absolute/path.sqlite3."
    )
    raise ConfigurationError(message)


def _open_sqlite(url: URL, connections: int) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={"timeout": SQLITE_BUSY_MILLISECONDS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own connection
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: URL, service: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": f"-c search_path={service} -c timezone=UTC"},
    )
    return engine.execution_options(gapura_schema=service)
