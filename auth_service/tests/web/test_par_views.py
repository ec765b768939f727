"""Pushed authorization requests, from the client's call to the code."""

import sys
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from pages_in_a_browser import FIRST_PARTY, REQUEST, WEB, Browser, client_of, register_client, response_at

from gapura.jose import encode_base64url, generate_signing_key, sign
from gapura_auth.oauth.clients import ClientKeys, ClientRules, ClientSecret
from gapura_auth.oauth.vocabulary import ClientAuthentication

SECRET = "a secret that nobody guesses, 1234567890"
KEY = generate_signing_key("ES256")


def prepared(service):
    service.register("ani")
    secret = ClientSecret(sha256(SECRET.encode()).digest())
    for name in ("web", "other"):
        register_client(
            service,
            client_of(
                name,
                authentication=ClientAuthentication.SECRET_POST,
                secrets=(secret,),
                rules=ClientRules(par_required=True, first_party=True),
            ),
        )
    return service


@pytest.fixture
def provider(service):
    return prepared(service)


@pytest.fixture
def ani(provider):
    return signed_in(provider)


def signed_in(service):
    browser = Browser(service.app.test_client())
    assert browser.sign_in(browser.follow(browser.get("/signin"))).status_code == 303
    return browser


def push(service, headers=None, **changes):
    form = {name: value for name, value in {**REQUEST, "client_secret": SECRET, **changes}.items() if value}
    return service.call("POST", "/oauth/par", data=form, headers=headers or {})


def test_a_pushed_request_is_answered_once(service_on_both):
    service = prepared(service_on_both)
    ani = signed_in(service)
    answer = push(service)
    assert (answer.status_code, set(answer.json)) == (201, {"request_uri", "expires_in"})
    assert answer.headers["Cache-Control"] == "no-store"
    reference = {"client_id": "web", "request_uri": answer.json["request_uri"]}
    assert "code" in response_at(ani.client.get("/oauth/authorize", query_string=reference))
    again = ani.client.get("/oauth/authorize", query_string=reference)
    assert again.status_code == 400
    assert "invalid_request_uri" in again.text


def test_somebody_may_sign_in_in_between_and_take_longer_than_the_reference_lives(provider):
    browser = Browser(provider.app.test_client())
    reference = {"client_id": "web", "request_uri": push(provider).json["request_uri"]}
    page = browser.follow(browser.client.get("/oauth/authorize", query_string=reference))
    # a reload, or a second tab: whichever is answered first is the only one
    second = browser.follow(browser.client.get("/oauth/authorize", query_string=reference))
    provider.clock.advance(600)
    assert "code" in response_at(browser.sign_in(page))
    assert browser.get(f"/signin?interaction={second.fields['interaction']}").status_code == 400


def test_a_refusal_uses_the_reference_up_too(provider):
    browser = Browser(provider.app.test_client())
    reference = {"client_id": "web", "request_uri": push(provider, prompt="none").json["request_uri"]}
    assert response_at(browser.client.get("/oauth/authorize", query_string=reference))["error"] == "login_required"
    assert browser.client.get("/oauth/authorize", query_string=reference).status_code == 400


def test_the_reference_of_one_client_is_of_no_use_to_another(provider, ani):
    reference = push(provider).json["request_uri"]
    answer = ani.client.get("/oauth/authorize", query_string={"client_id": "other", "request_uri": reference})
    assert answer.status_code == 400
    told = {"client_id": "other", "request_uri": reference, "redirect_uri": WEB}
    assert response_at(ani.client.get("/oauth/authorize", query_string=told))["error"] == "invalid_request_uri"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"request_uri": "urn:x"}, 400, "invalid_request"),
        ({"request": "a.b.c"}, 400, "invalid_request_object"),
        ({"scope": "s " * 100_000}, 413, None),
    ],
)
def test_what_is_wrong_is_said_at_once_and_in_json(provider, changes, status, code):
    answer = push(provider, **changes)
    assert answer.status_code == status
    if code:
        assert answer.json["error"] == code
        assert set(answer.json) == {"error", "error_description"}
    assert provider.rows("SELECT 1 FROM authorization_requests") == []


def test_what_a_client_proves_itself_with_is_not_kept(provider):
    push(provider)
    ((content,),) = provider.rows("SELECT content FROM authorization_requests")
    assert SECRET not in content


def test_a_signed_request_goes_through_by_value_and_pushed_and_only_once(provider, ani):
    keys = ClientKeys(jwks={"keys": [KEY.public_jwk()]})
    rules = ClientRules(signed_request_required=True, first_party=True)
    register_client(provider, client_of("signer", keys=keys, rules=rules))
    now = provider.clock()
    claims = {**REQUEST, "client_id": "signer", "iss": "signer", "aud": "http://127.0.0.1:5000"}
    claims |= {"exp": now + 60, "nbf": now}
    first, second = (sign(claims | {"jti": jti, "state": jti}, KEY, typ="oauth-authz-req+jwt") for jti in ("1", "2"))
    by_value = {"client_id": "signer", "request": first, "state": "outside"}
    assert response_at(ani.client.get("/oauth/authorize", query_string=by_value))["state"] == "1"
    assert "used before" in ani.client.get("/oauth/authorize", query_string=by_value).text
    pushed = push(provider, client_id="signer", client_secret=None, request=second)
    assert pushed.status_code == 201
    reference = {"client_id": "signer", "request_uri": pushed.json["request_uri"]}
    assert response_at(ani.client.get("/oauth/authorize", query_string=reference))["state"] == "2"
    plain = ani.authorize(client_id="signer")
    assert response_at(plain)["error"] == "invalid_request"


def test_a_public_client_may_push_too(provider, ani):
    register_client(provider, client_of("public", rules=FIRST_PARTY))
    reference = push(provider, client_id="public", client_secret=None).json["request_uri"]
    answer = ani.client.get("/oauth/authorize", query_string={"client_id": "public", "request_uri": reference})
    assert "code" in response_at(answer)


def test_a_proof_that_comes_along_binds_the_code_to_its_key(provider, ani):
    key = generate_signing_key("ES256")
    public = {name: value for name, value in key.public_jwk().items() if name in {"kty", "crv", "x", "y"}}

    def proof(jti, address="http://127.0.0.1:5000/oauth/par"):
        claims = {"jti": jti, "htm": "POST", "htu": address, "iat": int(provider.clock())}
        return sign_with_embedded_key(claims, key, public)

    pushed = push(provider, headers={"DPoP": proof("1")})
    assert pushed.status_code == 201, pushed.text
    reference = {"client_id": "web", "request_uri": pushed.json["request_uri"]}
    assert "code" in response_at(ani.client.get("/oauth/authorize", query_string=reference))
    ((content,),) = provider.rows("SELECT content FROM authorization_codes")
    assert orjson.loads(content)["dpop_jkt"] == thumbprint(public)
    for bad in (proof("1"), proof("2", "http://127.0.0.1:5000/oauth/token"), "a.b.c"):
        assert push(provider, headers={"DPoP": bad}).json["error"] == "invalid_dpop_proof"
    other = push(provider, dpop_jkt="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg", headers={"DPoP": proof("3")})
    assert other.json["error"] == "invalid_request"


def sign_with_embedded_key(claims, key, public):
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public}
    text = ".".join(encode_base64url(orjson.dumps(part)) for part in (header, claims))
    signature = key.algorithm.signature.sign(text.encode(), key.material)
    return f"{text}.{encode_base64url(signature)}"


def thumbprint(public):
    members = {name: public[name] for name in ("crv", "kty", "x", "y")}
    return encode_base64url(sha256(orjson.dumps(members)).digest())
