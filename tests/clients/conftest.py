import pytest

from tests.clients.person import Person
from tests.clients.registered import Operator


@pytest.fixture(scope="session")
def operator(system):
    return Operator(system)


@pytest.fixture
def person():
    return Person()
