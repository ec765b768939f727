"""PostgreSQL as a service's store: one schema per service, queries in one round trip, and no endless waiting.

A server that was stopped, or a network that swallows packets, must cost a caller two seconds and an honest 503. The
server cancels a slow statement by itself (`statement_timeout`); a server that says nothing at all is given up on by
`ImpatientConnection`, which closes itself, so that the pool replaces it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

ANSWER_SECONDS = 2.0
STATEMENT_MILLISECONDS = 1_800
CONNECT_SECONDS = 2
POOL_WAIT_SECONDS = 1.0
IDLE_SECONDS = 5.0

#: Queries need no transaction: without one each is a single round trip. Outside of one the server allows no writes,
#: because of `default_transaction_read_only`.
READING: dict[str, object] = {"isolation_level": "AUTOCOMMIT"}

Result = TypeVar("Result")


class ImpatientConnection(psycopg.Connection[TupleRow]):
    """A connection that gives up on a server which does not answer."""

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Wait for the server as the base class does, but not for ever."""
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 -- the driver says: convert it to a public one
            self.close()
            message = f"the server did not answer within {self.answer_seconds} s"
            raise psycopg.errors.ConnectionTimeout(message) from None


def open_engine(url: URL, service: str, connections: int) -> Engine:
    """Return the pool of connections to a server, with the service's schema as the place of all tables."""
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_use_lifo=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": _options(url, service)},
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkin", _remember_use)
    event.listen(engine, "checkout", _probe_if_idle)
    return engine


@contextmanager
def patience(connection: Connection) -> Iterator[None]:
    """Let the statements of this transaction take as long as they must."""
    driver = cast("ImpatientConnection", connection.connection.driver_connection)
    driver.answer_seconds = None
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    try:
        yield
    finally:
        driver.answer_seconds = ANSWER_SECONDS


def _options(url: URL, service: str) -> str:
    own = f"-c search_path={service} -c timezone=UTC -c default_transaction_read_only=on"
    timeouts = f"-c statement_timeout={STATEMENT_MILLISECONDS}"
    operators = url.query.get("options", "")
    return f"{timeouts} {operators if isinstance(operators, str) else ' '.join(operators)} {own}"


def _connect(_dialect: object, _record: object, positional: list[str], named: dict[str, Any]) -> ImpatientConnection:
    connection = ImpatientConnection.connect(*positional, **named)
    connection.read_only = False  # what BEGIN says; outside of a transaction the default of `_options` holds
    return connection


def _remember_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _probe_if_idle(connection: ImpatientConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    # a probe before every use would double the cost of a query; a busy connection is known to work
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except psycopg.Error as error:
        raise InvalidatePoolError from error
