"""Clients that are known by the address of their metadata."""

import json
import threading
from dataclasses import dataclass, field

import pytest

from gapura.jose import generate_signing_key
from gapura_auth.oauth.metadata_document import DocumentLimits, MetadataDocumentClients
from gapura_auth.oauth.outbound import OutboundAnswer, OutboundError
from gapura_auth.oauth.registration_policy import RegistrationPolicy

ADDRESS = "https://app.example.com/client"
DOCUMENT = {"client_id": ADDRESS, "client_name": "App", "redirect_uris": ["https://app.example.com/callback"]}


@dataclass
class Network:
    body: object = field(default_factory=lambda: dict(DOCUMENT))
    status: int = 200
    headers: dict = field(default_factory=lambda: {"content-type": "application/json"})
    fetched: list = field(default_factory=list)
    away: bool = False

    def send(self, request):
        self.fetched.append(request)
        if self.away:
            raise OutboundError("away")
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return OutboundAnswer(self.status, body, self.headers)


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def documents(network, clock):
    policy = RegistrationPolicy(scopes=frozenset({"openid", "products:read"}))
    return MetadataDocumentClients(network, policy, clock, DocumentLimits(most_kept=2))


def test_a_document_makes_a_public_client_that_people_are_asked_about(documents, network):
    client = documents.find(ADDRESS)
    assert (client.id, client.presentation.name, client.is_public) == (ADDRESS, "App", True)
    assert client.scopes == {"openid", "products:read"}
    assert client.rules.pkce_required
    assert not client.rules.first_party
    assert network.fetched[0].max_bytes == 16 * 1024


def test_a_client_with_keys_of_its_own_is_not_public(documents, network):
    jwks = {"keys": [generate_signing_key("ES256").public_jwk()]}
    network.body = DOCUMENT | {"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks}
    assert documents.find(ADDRESS).authentication == "private_key_jwt"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "https://app.example.com/client/"},
        {"client_id": "https://bank.example/client"},
        {"client_id": None},
        {"client_secret": "x"},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": ["none"]},
        {"first_party": True},
        {"require_pkce": False},
        {"grant_types": ["client_credentials"]},
        {"redirect_uris": ["http://app.example.com/"]},
        {"redirect_uris": []},
        {"jwks": {"keys": [generate_signing_key("ES256").private_jwk()]}},
    ],
    ids=lambda changes: next(iter(changes)),  # not the values: a key is another one in every process
)
def test_a_document_that_says_what_it_may_not_makes_no_client(documents, network, changes):
    network.body = DOCUMENT | changes
    assert documents.find(ADDRESS) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 302, "headers": {"location": "http://169.254.169.254/", "content-type": "application/json"}},
        {"status": 404},
        {"status": 206},
        {"headers": {"content-type": "text/html"}},
        {"headers": {}},
        {"body": b"nonsense"},
        {"body": b"[]"},
        {"body": json.dumps(DOCUMENT)[:-1].encode() + b', "client_id": "https://bank.example/client"}'},
        {"away": True},
    ],
)
def test_an_answer_that_is_no_document_makes_no_client_and_is_asked_for_again_soon(documents, network, clock, answer):
    for name, value in answer.items():
        setattr(network, name, value)
    for _ in range(20):
        assert documents.find(ADDRESS) is None
    assert len(network.fetched) == 1
    clock.advance(10)
    network.__init__()
    assert documents.find(ADDRESS) is not None


@pytest.mark.parametrize(
    "address",
    [
        "app",
        "http://app.example.com/client",
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com?client",
        "https://app.example.com/a/../client",
        "https://app.example.com/a/%2e%2E/client",
        "https://app.example.com/./client",
        "https://app.example.com/..",
        "https://app.example.com/client#x",
        "https://user@app.example.com/client",
        "https://user:secret@app.example.com/client",
        "https://app.example.com/" + "x" * 255,
        "urn:app",
    ],
)
def test_what_is_no_address_of_a_document_is_not_fetched(documents, network, address):
    assert documents.find(address) is None
    assert network.fetched == []


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("", 60),
        ("max-age=5", 60),
        ("public, max-age=600", 600),
        ("max-age=999999999", 3600),
        ("no-store, max-age=600", 60),
        ("x-max-age=600", 60),
    ],
)
def test_a_document_is_kept_as_long_as_its_server_allows_within_limits(
    documents, network, clock, cache_control, seconds
):
    network.headers["cache-control"] = cache_control
    documents.find(ADDRESS)
    clock.advance(seconds - 1)
    documents.find(ADDRESS)
    assert len(network.fetched) == 1
    clock.advance(1)
    documents.find(ADDRESS)
    assert len(network.fetched) == 2


def test_a_document_is_fetched_once_for_many_requests_at_the_same_moment(documents, network, at_once):
    real, pause = network.send, threading.Event()
    network.send = lambda request: pause.wait(0.05) or real(request)
    assert all(client is not None for client in at_once(10, lambda _: documents.find(ADDRESS)))
    assert len(network.fetched) == 1


def test_no_more_documents_are_kept_than_allowed(documents, network):
    for number in (1, 2, 3, 1):
        documents.find(f"{ADDRESS}{number}")
    assert len(network.fetched) == 4


def test_on_a_development_machine_documents_may_come_over_http(network, clock):
    address = "http://127.0.0.1:8000/client"
    network.body = DOCUMENT | {"client_id": address}
    documents = MetadataDocumentClients(network, RegistrationPolicy(), clock, allow_http=True)
    assert documents.find(address).id == address
