import pytest

from tests.clients import programs
from tests.clients.person import Person
from tests.clients.registered import Operator


@pytest.fixture(scope="session")
def operator(system):
    return Operator(system)


@pytest.fixture
def person():
    return Person()


@pytest.fixture(scope="session")
def node_packages():
    """Skip (with CI=true: fail) where the JavaScript clients are not installed."""
    if not programs.is_installed():
        pytest.skip("The JavaScript clients are not installed; `make test` installs them.")
