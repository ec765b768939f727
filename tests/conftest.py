"""Systems of real processes that tests share, and their logs where a test fails.

All tests of this folder run on one worker (`dev.testing.grouping`), so that each system is started once.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from dev.postgres.databases import fresh_database
from tests.running.system import RunningSystem, other_ports, ports_of_the_guide, running_system, started

SHARED_SECRET = "a shared secret of more than thirty-two bytes, for tests only"


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Run the three services as they start without any configuration, except for where they keep their files."""
    home = tmp_path_factory.mktemp("system")
    with ports_of_the_guide() as ports, running_system(home, **ports) as system:
        yield system


@pytest.fixture(scope="session")
def shared_secret_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Run the three services in the compatibility mode."""
    home = tmp_path_factory.mktemp("shared_secret")
    with running_system(home, JWT_SECRET_KEY=SHARED_SECRET, **other_ports()) as system:
        yield system


@pytest.fixture(scope="session")
def postgres_system(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Run the three services on one PostgreSQL database that they share."""
    home = tmp_path_factory.mktemp("postgres_system")
    with fresh_database(postgres_server) as url, running_system(home, DATABASE_URL=url, **other_ports()) as system:
        yield system


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Lend a folder for the files of a system that one test starts for itself."""
    return tmp_path / "home"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for process in started:
            report.sections.append((f"last lines of {process.service.name}", process.last_lines()))
    return report
