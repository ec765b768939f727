"""Pushed requests and how they come back, over a store in memory; and the order in which a request is read."""

from dataclasses import dataclass, field, replace

import pytest

from gapura_auth.oauth.authorization import Progress
from gapura_auth.oauth.authorization_request import Provenance
from gapura_auth.oauth.clients import Client, ClientPresentation, ClientRules
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.incoming_requests import IncomingRequests, RefusedAtTarget
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.pushed_requests import LIFETIME_SECONDS, REQUEST_URI, PushedRequests
from gapura_auth.oauth.request_objects import InvalidRequestObject
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.response_target import NoSafeTarget
from gapura_auth.oauth.stored_requests import StoredRequest, WaitingRequest
from gapura_auth.oauth.vocabulary import ClientAuthentication

NOW = 1_000.0
KEY = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
OTHER_KEY = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
WEB = "https://app.example.com/callback"
CLIENT = Client(
    id="c",
    presentation=ClientPresentation("C"),
    authentication=ClientAuthentication.SECRET_POST,
    redirect_uris=(WEB,),
    scopes=frozenset({"openid"}),
)
GOOD = {
    "client_id": "c",
    "response_type": "code",
    "redirect_uri": WEB,
    "scope": "openid",
    "code_challenge": KEY,
    "code_challenge_method": "S256",
}


@dataclass
class MemoryRequests:
    """Requests in a dictionary."""

    rows: dict[bytes, StoredRequest] = field(default_factory=dict)

    def add(self, request):
        self.rows[request.digest] = request

    def find(self, kind, digest, now):
        row = self.rows.get(digest)
        return row if row is not None and row.kind is kind and now < row.expires_at else None

    def replace(self, digest, request, now):
        raise NotImplementedError


class Objects:
    """Reads request objects that are just words: `name=value&name=value`."""

    def read(self, text, client):
        if text == "bad":
            raise InvalidRequestObject(f"Not by {client.id}.")
        return Parameters.of(pair.split("=", 1) for pair in text.split("&"))


SIGNED = "&".join(f"{name}={value}" for name, value in GOOD.items())


@dataclass
class Provider:
    """Everything that reads requests."""

    now: float = NOW
    clients: dict[str, Client] = field(default_factory=lambda: {"c": CLIENT})
    store: MemoryRequests = field(default_factory=MemoryRequests)

    @property
    def pushed(self):
        return PushedRequests(self.store, Objects(), Resources("gapura"), lambda: self.now)

    def find(self, client_id):
        return self.clients.get(client_id)

    def push(self, client=CLIENT, dpop_jkt=None, **changes):
        return self.pushed.push(parameters(**{**GOOD, **changes}), client, dpop_jkt).request_uri

    def receive(self, **given):
        incoming = IncomingRequests(self, Objects(), self.pushed, Resources("gapura"))
        return incoming.receive(parameters(**given))


@pytest.fixture
def provider():
    return Provider()


def parameters(**given):
    return Parameters.of((name, value) for name, value in given.items() if value is not None)


def refusal(call, *args, **kwargs):
    with pytest.raises(OAuthError) as refused:
        call(*args, **kwargs)
    return refused.value.code.value


def refusal_at_target(provider, **given):
    with pytest.raises(RefusedAtTarget) as refused:
        provider.receive(**given)
    assert refused.value.target.redirect_uri == WEB
    return refused.value.error.code.value


def test_a_pushed_request_comes_back_as_it_was_and_nothing_beside_it_counts(provider):
    reference = provider.push(state="s")
    assert reference.startswith(REQUEST_URI)
    incoming = provider.receive(client_id="c", request_uri=reference, redirect_uri="https://evil.example/", state="x")
    assert incoming.request.target.redirect_uri == WEB
    assert incoming.request.target.state == "s"
    assert incoming.waiting.provenance == Provenance(pushed=True)
    assert incoming.waiting.pushed in provider.store.rows


def test_credentials_are_not_kept_with_a_request(provider):
    provider.push(client_secret="geheim", client_assertion="a.b.c", client_assertion_type="urn:x")
    (row,) = provider.store.rows.values()
    assert set(row.request.parameters.values) == set(GOOD)


def test_a_reference_expires(provider):
    reference = provider.push()
    provider.now += LIFETIME_SECONDS
    assert refusal(provider.receive, client_id="c", request_uri=reference) == "invalid_request_uri"


def test_a_reference_is_of_no_use_to_another_client(provider):
    provider.clients["d"] = replace(CLIENT, id="d")
    reference = provider.push()
    assert refusal(provider.receive, client_id="d", request_uri=reference) == "invalid_request_uri"


@pytest.mark.parametrize(
    "reference",
    [
        "https://evil.example/request.jwt",
        "urn:x",
        REQUEST_URI,
        REQUEST_URI + "x",
        "file:///etc/passwd",
        "http://[::1]/",
    ],
)
def test_no_other_reference_is_followed(provider, reference):
    assert refusal(provider.receive, client_id="c", request_uri=reference) == "invalid_request_uri"
    assert refusal_at_target(provider, client_id="c", request_uri=reference, redirect_uri=WEB) == "invalid_request_uri"


def test_what_was_pushed_cannot_be_named_without_its_prefix(provider):
    bare = provider.push().removeprefix(REQUEST_URI)
    assert refusal(provider.receive, client_id="c", request_uri=bare) == "invalid_request_uri"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"request_uri": REQUEST_URI + "x"}, "invalid_request"),
        ({"client_id": "d"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"resource": "https://unknown.example.com/"}, "invalid_target"),
        ({"request": "bad"}, "invalid_request_object"),
        ({"request": SIGNED, "dpop_jkt": KEY}, None),
    ],
)
def test_a_request_is_checked_when_it_is_pushed(provider, changes, code):
    if code is None:
        assert provider.push(**changes)
    else:
        assert refusal(provider.push, **changes) == code
        assert provider.store.rows == {}


def test_a_request_can_be_pushed_signed(provider):
    provider.clients["c"] = replace(CLIENT, rules=ClientRules(signed_request_required=True, par_required=True))
    reference = provider.push(client=provider.clients["c"], request=SIGNED, scope="ignored", state="ignored")
    incoming = provider.receive(client_id="c", request_uri=reference)
    assert incoming.request.target.state is None
    assert incoming.waiting.provenance == Provenance(pushed=True, signed=True)


def test_the_key_of_a_proof_that_comes_along_binds_the_code(provider):
    reference = provider.push(dpop_jkt=KEY)
    assert provider.receive(client_id="c", request_uri=reference).request.dpop_jkt == KEY
    with pytest.raises(OAuthError):
        provider.pushed.push(parameters(**GOOD, dpop_jkt=OTHER_KEY), CLIENT, KEY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "invalid_request"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_id": "c\u0000"}, "invalid_client"),
        ({"client_id": "c" * 2049}, "invalid_client"),
        ({"client_id": "c", "scope": "openid"}, "invalid_request"),
        ({**GOOD, "redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({**GOOD, "redirect_uri": "https://evil.example/", "request": "bad"}, "invalid_request"),
        ({"client_id": "c", "request": "bad"}, "invalid_request_object"),
        ({"client_id": "c", "request": SIGNED.replace(WEB, "https://evil.example/")}, "invalid_request"),
        # what stands beside a signed request is not believed
        (
            {"client_id": "c", "request": SIGNED.replace(WEB, "https://evil.example/"), "redirect_uri": WEB},
            "invalid_request",
        ),
    ],
)
def test_nothing_is_sent_anywhere_before_the_address_is_known_to_be_the_clients(provider, given, code):
    with pytest.raises(NoSafeTarget) as shown:
        provider.receive(**given)
    assert shown.value.code.value == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": "nothing:known"}, "invalid_scope"),
        ({"resource": "https://unknown.example.com/"}, "invalid_target"),
        ({"request": "bad"}, "invalid_request_object"),
        ({"request": SIGNED, "request_uri": REQUEST_URI}, "invalid_request"),
    ],
)
def test_after_that_the_client_is_told(provider, changes, code):
    assert refusal_at_target(provider, **{**GOOD, **changes}) == code


def test_a_request_that_waited_is_read_again_with_the_client_as_it_is_then(provider):
    waiting = provider.receive(**GOOD).waiting
    incoming = IncomingRequests(provider, Objects(), provider.pushed, Resources("gapura"))
    assert incoming.resume(waiting).request.scopes == ("openid",)
    provider.clients["c"] = replace(CLIENT, redirect_uris=("https://app.example.com/new",))
    with pytest.raises(NoSafeTarget):
        incoming.resume(waiting)


def test_a_request_that_waits_survives_being_written_down():
    waiting = WaitingRequest(
        parameters=Parameters.of([("resource", "urn:a"), ("resource", "urn:b"), ("state", "\u0000\U0001f600")]),
        provenance=Provenance(pushed=True),
        pushed=b"\x00\xff",
        browser=b"\x01",
        progress=Progress("ani", None, "ani"),
    )
    assert WaitingRequest.from_json(waiting.to_json()) == waiting
