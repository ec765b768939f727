"""Keys at a client's own address: when they are fetched, and when they are not."""

import json
import threading
from dataclasses import dataclass, field

import pytest

from gapura.jose import generate_signing_key, parse_compact, sign
from gapura_auth.oauth.client_documents import client_of
from gapura_auth.oauth.client_keys import ClientKeyStore, KeyPatience
from gapura_auth.oauth.outbound import OutboundAnswer, OutboundError

URI = "https://app.example.com/keys"
FIRST, SECOND = generate_signing_key("ES256"), generate_signing_key("ES256")
RSA = generate_signing_key("PS256")


@dataclass
class Network:
    """A client's server: answers with a key set, a status, or an error."""

    answer: object = None
    fetched: list = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    hold: threading.Event | None = None

    def send(self, request):
        self.fetched.append(request.url)
        self.entered.set()
        if self.hold is not None:
            self.hold.wait(5)
        if self.answer is None:
            raise OutboundError("away")
        status, body = self.answer if isinstance(self.answer, tuple) else (200, self.answer)
        return OutboundAnswer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), {})


def key_set(*keys):
    return {"keys": [key.public_jwk() for key in keys]}


def client(uri=URI, **members):
    return client_of(
        "c",
        {"redirect_uris": ["https://a.example/"], "token_endpoint_auth_method": "private_key_jwt"}
        | ({"jwks_uri": uri} if uri else {})
        | members,
    )


def signed(key=FIRST):
    return parse_compact(sign({"sub": "c"}, key, typ="JWT"))


@pytest.fixture
def network():
    return Network(key_set(FIRST))


@pytest.fixture
def store(network, clock):
    return ClientKeyStore(network, clock, KeyPatience(most_addresses=2))


def found(store, key=FIRST, of=None, algorithm=None):
    return [one.kid for one in store.candidates(of or client(), signed(key), algorithm)]


def test_keys_are_fetched_once_and_used_for_a_while(store, network, clock):
    assert found(store) == [FIRST.kid]
    clock.advance(299)
    assert found(store) == [FIRST.kid]
    assert network.fetched == [URI]
    clock.advance(1)
    assert found(store) == [FIRST.kid]
    assert len(network.fetched) == 2


def test_an_unknown_kid_leads_to_one_fetch_and_then_to_none_until_the_cooldown_is_over(store, network, clock):
    found(store)
    clock.advance(15)
    network.answer = key_set(FIRST, SECOND)
    assert found(store, SECOND) == [SECOND.kid]
    assert len(network.fetched) == 2
    stranger = generate_signing_key("ES256")
    for _ in range(50):
        assert found(store, stranger) == []
    assert len(network.fetched) == 2
    clock.advance(15)
    assert found(store, stranger) == []
    assert len(network.fetched) == 3


@pytest.mark.parametrize("answer", [None, (500, b""), (302, b""), b"nonsense", b"[]", {"keys": 1}, {}], ids=str)
def test_while_the_clients_server_is_ill_the_keys_of_before_are_used(store, network, clock, answer):
    found(store)
    network.answer = answer
    clock.advance(23 * 3600)
    assert found(store) == [FIRST.kid]
    assert len(network.fetched) == 2
    clock.advance(3600)
    assert found(store) == []


def test_a_server_that_is_away_is_not_asked_at_every_request(store, network, clock):
    network.answer = None
    for _ in range(20):
        assert found(store) == []
    assert len(network.fetched) == 1
    clock.advance(15)
    network.answer = key_set(FIRST)
    assert found(store) == [FIRST.kid]


def test_only_one_fetch_is_under_way_at_a_time(store, network, at_once):
    network.hold = threading.Event()

    def ask(number):
        if number == 0:
            network.entered.wait(5)
            network.hold.set()
        return found(store)

    assert at_once(10, ask) == [[FIRST.kid]] * 10
    assert len(network.fetched) == 1


def test_keys_in_the_metadata_cost_no_fetch(store, network):
    assert found(store, of=client(None, jwks=key_set(FIRST, SECOND))) == [FIRST.kid]
    assert found(store, SECOND, of=client(None, jwks=key_set(FIRST))) == []
    assert network.fetched == []


def test_changed_keys_in_the_metadata_are_used_at_once(store):
    assert found(store, SECOND, of=client(None, jwks=key_set(FIRST))) == []
    assert found(store, SECOND, of=client(None, jwks=key_set(SECOND))) == [SECOND.kid]


def test_a_client_without_keys_has_none(store):
    assert found(store, of=client(None, token_endpoint_auth_method="none")) == []
    assert store.certificates(client(None, token_endpoint_auth_method="none")) == frozenset()


def test_a_key_that_names_no_algorithm_is_for_the_registered_one(store):
    nameless = {name: value for name, value in RSA.public_jwk().items() if name != "alg"}
    of = client(None, jwks={"keys": [nameless, FIRST.public_jwk()]})
    assert found(store, RSA, of) == []
    assert found(store, RSA, of, "PS256") == [RSA.kid]
    assert found(store, FIRST, of, "PS256") == [FIRST.kid]


@pytest.mark.parametrize(
    "jwks",
    [
        {"keys": [{"kty": "oct", "k": "A" * 43}]},
        {"keys": ["x"]},
        {"keys": [FIRST.private_jwk()]},
        {"keys": [FIRST.public_jwk(), FIRST.public_jwk()]},
    ],
)
def test_a_key_set_with_something_wrong_in_it_is_not_used(store, network, jwks):
    network.answer = jwks
    assert found(store) == []


def test_no_more_addresses_are_kept_than_allowed(store, network):
    for number in (1, 2, 3, 1):
        found(store, of=client(f"{URI}/{number}"))
    assert network.fetched == [f"{URI}/{number}" for number in (1, 2, 3, 1)]
