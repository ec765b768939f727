"""What the tests of every room share: databases that are fresh for each test, newman, and no skips in CI."""

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `dev` is not installed, and tests are imported by path

from dev.newman import NoNewman, newman_command
from dev.postgres.databases import fresh_database
from dev.postgres.failures import NoPostgres
from dev.testing.shared_server import server_for_workers, shared_server
from dev.testing.strictness import is_strict, skip_is_failure


def pytest_configure(config: pytest.Config) -> None:
    is_controller = config.getoption("tx", None) and not hasattr(config, "workerinput")
    if is_controller and not config.getoption("collectonly"):
        stack = ExitStack()
        stack.enter_context(server_for_workers(os.environ))
        config.add_cleanup(stack.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from dev.testing.grouping import SharedServicesScheduling  # noqa: PLC0415 -- only where there are several workers

    return SharedServicesScheduling(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return skip_is_failure(report) if is_strict(os.environ) else report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return skip_is_failure(report) if is_strict(os.environ) else report


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of the server that all workers share; skips (with CI=true: fails) when there is none."""
    try:
        with shared_server(os.environ) as url:
            yield url
    except NoPostgres as missing:
        pytest.skip(str(missing))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database of this test's own; it is dropped afterwards."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite database of this test's own; the file does not exist yet."""
    return f"sqlite:///{tmp_path / 'gapura.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database of this test's own; the test runs once on each of the two."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture(scope="session")
def newman() -> list[str]:
    """Return the command of newman, to append arguments to; skips (with CI=true: fails) when it is not installed."""
    try:
        return newman_command()
    except NoNewman as missing:
        pytest.skip(str(missing))
