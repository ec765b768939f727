"""Request objects, and what must not pass for one."""

from dataclasses import dataclass, field, replace

import orjson
import pytest

from gapura.jose import encode_base64url, generate_signing_key, import_key, shared_secret_key, sign
from gapura_auth.oauth.clients import Client, ClientAlgorithms, ClientPresentation, ClientRules
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.request_objects import LONGEST_LIFE, TYPE, RequestObjects
from gapura_auth.oauth.vocabulary import ClientAuthentication

NOW = 1_000_000.0
ISSUER = "https://login.example.com"
KEY, OTHER_KEY = generate_signing_key("ES256"), generate_signing_key("ES256")
CLIENT = Client(id="c", presentation=ClientPresentation("C"), authentication=ClientAuthentication.PRIVATE_KEY_JWT)
CLAIMS = {
    "iss": "c",
    "aud": ISSUER,
    "exp": NOW + 60,
    "nbf": NOW,
    "client_id": "c",
    "response_type": "code",
    "redirect_uri": "https://app.example.com/callback",
}


class KeysOfTheClient:
    def candidates(self, client, jws, algorithm):
        assert client.id == "c"
        assert jws.header.alg
        assert algorithm in {None, "ES256", "PS256"}
        return [import_key(generate_signing_key("ES256").public_jwk()), import_key(KEY.public_jwk())]


@dataclass
class Used:
    seen: set[str] = field(default_factory=set)

    def first_use(self, kind, text, expires_at, now):
        assert kind == "request object"
        assert expires_at > now
        fresh = text not in self.seen
        self.seen.add(text)
        return fresh


@pytest.fixture
def objects():
    return RequestObjects(ISSUER, KeysOfTheClient(), Used(), lambda: NOW)


def request_object(key=KEY, typ=TYPE, **changes):
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return sign(claims, key, typ=typ)


def refusal(objects, text, client=CLIENT):
    with pytest.raises(OAuthError) as refused:
        objects.read(text, client)
    return refused.value.code.value


def test_the_parameters_are_those_inside(objects):
    claims = {"id_token": {"acr": {"essential": True}}}
    parameters = objects.read(
        request_object(claims=claims, max_age=60, resource=["https://a.example/", "https://b.example/"], jti="1"),
        CLIENT,
    )
    assert set(parameters.values) == {
        "client_id",
        "response_type",
        "redirect_uri",
        "claims",
        "max_age",
        "resource",
    }
    assert orjson.loads(parameters.require("claims")) == claims
    assert parameters.get("max_age") == "60"
    assert parameters.all("resource") == ("https://a.example/", "https://b.example/")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "d"},
        {"iss": None},
        {"client_id": "d"},
        {"client_id": None},
        {"aud": "https://other.example.com"},
        {"aud": None},
        {"aud": ISSUER + "/"},
        {"exp": None},
        {"exp": NOW - 60},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": NOW + LONGEST_LIFE + 60},
        {"nbf": NOW + 60},
        {"nbf": NOW - LONGEST_LIFE},
        {"jti": 1},
        {"jti": "j" * 257},
        {"request": "a.b.c"},
        {"request_uri": "urn:x"},
        {"scope": ["openid"]},
        {"state": 1},
        {"prompt": True},
        {"max_age": True},
        {"max_age": 1.5},
        {"redirect_uri": {"x": 1}},
        {"resource": ["https://a.example/"] * 11},
        {"resource": ["https://a.example/", 1]},
    ],
)
def test_an_object_that_says_something_wrong_is_refused(objects, changes):
    assert refusal(objects, request_object(**changes)) == "invalid_request_object"


def test_the_audience_may_be_a_list(objects):
    assert objects.read(request_object(aud=["https://other.example.com", ISSUER]), CLIENT)


def test_an_object_that_is_used_again_is_refused(objects):
    text = request_object(jti="once")
    assert objects.read(text, CLIENT)
    assert refusal(objects, text) == "invalid_request_object"
    assert objects.read(request_object(jti="another"), CLIENT)


@pytest.mark.parametrize(
    "text",
    [
        request_object(key=OTHER_KEY),
        request_object(typ="JWT"),
        request_object(typ="client-authentication+jwt"),
        request_object(key=shared_secret_key(b"s" * 32)),
        # signed by nobody
        ".".join(
            [
                encode_base64url(orjson.dumps({"alg": "none", "typ": TYPE})),
                encode_base64url(orjson.dumps(CLAIMS)),
                "",
            ]
        ),
        # the public key as a shared secret
        request_object(key=shared_secret_key(orjson.dumps(KEY.public_jwk()))),
        # another payload under a good signature
        ".".join(
            [
                request_object().split(".")[0],
                encode_base64url(orjson.dumps({**CLAIMS, "scope": "openid"})),
                request_object().split(".")[2],
            ]
        ),
        "not.a.jwt",
        "",
        "x" * 100_000,
    ],
)
def test_only_the_client_itself_can_make_one(objects, text):
    assert refusal(objects, text) == "invalid_request_object"


def test_a_client_that_registered_an_algorithm_uses_no_other(objects):
    registered = replace(CLIENT, algorithms=ClientAlgorithms(request_object="PS256"))
    assert refusal(objects, request_object(), registered) == "invalid_request_object"
    assert objects.read(request_object(), replace(CLIENT, algorithms=ClientAlgorithms(request_object="ES256")))


def test_where_signing_is_demanded_the_object_says_since_when_it_is_good(objects):
    strict = replace(CLIENT, rules=ClientRules(signed_request_required=True))
    assert objects.read(request_object(nbf=None), CLIENT)
    assert refusal(objects, request_object(nbf=None), strict) == "invalid_request_object"
