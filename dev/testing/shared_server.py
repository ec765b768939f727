"""One PostgreSQL server for a whole run of the tests, however many worker processes it has.

With pytest-xdist the controller starts it before its workers and passes its address on in the environment; without,
the first test that needs it does. Whoever starts it stops it. The variable may also name a server of your own.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from dev.postgres.failures import NoPostgres
from dev.postgres.server import PostgresServer

URL = "GAPURA_TEST_POSTGRES"
REASON = "GAPURA_TEST_NO_POSTGRES"


@contextmanager
def shared_server(environ: MutableMapping[str, str]) -> Iterator[str]:
    """Lend the URL of the shared server; it is started if nobody has.

    Raises:
        NoPostgres: when it cannot be had.

    """
    if REASON in environ:
        raise NoPostgres(environ[REASON])
    if URL in environ:
        yield environ[URL]
        return
    server = PostgresServer()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def server_for_workers(environ: MutableMapping[str, str]) -> Iterator[None]:
    """Start the server, or note why it cannot be, for the worker processes that are made within this block."""
    try:
        with shared_server(environ) as url, _variable(environ, URL, url):
            yield
    except NoPostgres as missing:
        with _variable(environ, REASON, str(missing)):
            yield


@contextmanager
def _variable(environ: MutableMapping[str, str], name: str, value: str) -> Iterator[None]:
    before = environ.get(name)
    environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del environ[name]
        else:
            environ[name] = before
