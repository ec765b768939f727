"""The provider behind https, as the suite meets it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from certification_suite import ISSUER, FapiSuite, Suite
from pages_in_a_browser import Browser


@pytest.fixture
def provider(open_service, sqlite_url):
    service = open_service(sqlite_url, issuer=ISSUER)
    service.app.config["PREFERRED_URL_SCHEME"] = "https"  # the test client then keeps cookies for https
    assert service.register("ani", email="ani@example.com").status_code == 201
    return service


@pytest.fixture(params=["query", "form_post"])
def suite(provider, request) -> Suite:
    """Give the suite in the variants of the plans Basic OP and Form Post OP."""
    mode = None if request.param == "query" else request.param
    return Suite(provider, Browser(provider.app.test_client()), mode)


@pytest.fixture
def plain_suite(provider) -> Suite:
    return Suite(provider, Browser(provider.app.test_client()))


@pytest.fixture
def client(suite):
    return suite.add()


@pytest.fixture
def fapi(provider) -> FapiSuite:
    return FapiSuite(provider, Browser(provider.app.test_client()))
