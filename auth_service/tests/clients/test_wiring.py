"""Clients as they are wired: no address that a client gives us leads inward, whichever it is."""

import socket
from contextlib import ExitStack

import pytest

from gapura.jose import generate_signing_key, parse_compact, sign
from gapura_auth.oauth.client_documents import client_of
from gapura_auth.oauth.outbound import ForbiddenDestination, OutboundRequest
from gapura_auth.settings import AuthSettings
from gapura_auth.wiring.clients import client_parts

PRODUCTION = {"environment": "production", "issuer": "https://login.example.com", "demo": False}
INTERNET_PORT = 443


@pytest.fixture
def trap():
    """Listen where nobody may be led to; says whether somebody came."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(0.2)

        def was_visited():
            try:
                listener.accept()[0].close()
            except TimeoutError:
                return False
            return True

        was_visited.port = listener.getsockname()[1]
        yield was_visited


@pytest.fixture
def parts(migrated, sqlite_url, clock, trap):
    database = migrated(sqlite_url)
    settings = AuthSettings(master_key="x" * 43, outbound_ports=(INTERNET_PORT, trap.port), **PRODUCTION)
    yield client_parts(settings, database, clock, lambda: "x")
    database.close()


@pytest.fixture
def inward(trap):
    return [
        f"https://{host}:{trap.port}/x"
        for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:7f00:1]")
    ]


def test_no_metadata_document_is_fetched_from_inside(parts, inward, trap):
    assert [parts.registry.find(address) for address in inward] == [None] * len(inward)
    assert not trap()


def test_no_keys_are_fetched_from_inside(parts, inward, trap):
    jws = parse_compact(sign({"sub": "c"}, generate_signing_key("ES256"), typ="JWT"))
    for address in inward[:4]:
        document = {
            "redirect_uris": ["https://app.example.com/"],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks_uri": address,
        }
        assert list(parts.keys.candidates(client_of("c", document), jws, None)) == []
        assert parts.keys.certificates(client_of("c", document)) == frozenset()
    assert not trap()


def test_no_logout_is_sent_inside(parts, inward, trap):
    for address in inward:
        with pytest.raises(ForbiddenDestination):
            parts.outbound.send(OutboundRequest(url=address, method="POST", body=b"logout_token=x"))
    assert not trap()


def test_on_a_development_machine_its_own_addresses_are_allowed(migrated, sqlite_url, clock, trap):
    database = migrated(sqlite_url)
    parts = client_parts(AuthSettings(master_key="x" * 43), database, clock, lambda: "x")
    assert parts.registry.find(f"http://127.0.0.1:{trap.port}/client") is None
    assert trap()
    database.close()


@pytest.mark.parametrize(
    "address", ["http://app.example.com/client", "https://app.example.com", "https://app.example.com:8443/client"]
)
def test_a_metadata_document_needs_a_plain_https_address_in_production(parts, address, monkeypatch):
    monkeypatch.setattr("socket.create_connection", lambda *_, **__: pytest.fail("connected"))
    monkeypatch.setattr("gapura_auth.outbound.resolving.socket.getaddrinfo", _public)
    assert parts.registry.find(address) is None


def _public(*_, **__):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
