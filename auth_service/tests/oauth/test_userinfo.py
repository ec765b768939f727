"""UserInfo: by scope, by single request, signed where the client wants that, and for nobody else's token."""

from itertools import count

import pytest

from gapura.jose import import_key_set, parse_compact, verify
from gapura_auth.oauth.clients import ClientAlgorithms
from gapura_auth.oauth.requested_claims import RequestedClaims

NUMBERS = count()


def claims_by(provider, *scopes, **granted):
    app = provider.add(f"app-{next(NUMBERS)}")
    token = provider.tokens(app, scopes=frozenset({"openid", *scopes}), **granted)["access_token"]
    answer = provider.userinfo(token)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return answer.json


def test_scopes_decide_what_is_told(provider):
    provider.service.register("ani", email="ani@example.com")
    subject = provider.person()
    assert claims_by(provider) == {"sub": subject}
    now = int(provider.service.clock())
    assert claims_by(provider, "profile") == {"sub": subject, "preferred_username": "ani", "updated_at": now}
    email = {"email": "ani@example.com", "email_verified": False}
    assert claims_by(provider, "email") == {"sub": subject} | email
    assert claims_by(provider, claims=RequestedClaims(userinfo={"email": None})) == {"sub": subject} | {
        "email": "ani@example.com"
    }


def test_what_is_not_known_is_left_out(provider):
    assert set(claims_by(provider, "email", "phone", "address")) == {"sub"}


def test_it_can_be_asked_with_post_in_both_ways(provider):
    token = provider.tokens(provider.add())["access_token"]
    post = provider.service.call("POST", "/oauth/userinfo", token)
    form = provider.service.call("POST", "/oauth/userinfo", data={"access_token": token})
    assert post.json == form.json == provider.userinfo(token).json
    both = provider.service.call("POST", "/oauth/userinfo", token, data={"access_token": token})
    assert (both.status_code, both.json["error"]) == (400, "invalid_request")
    in_address = provider.service.get(f"/oauth/userinfo?access_token={token}")
    assert in_address.status_code == 401


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_it_is_signed_where_the_client_wants_that(provider, algorithm):
    app = provider.add(algorithms=ClientAlgorithms(userinfo=algorithm))
    answer = provider.userinfo(provider.tokens(app)["access_token"])
    assert answer.content_type == "application/jwt"
    jws = parse_compact(answer.text)
    assert jws.header.alg == algorithm
    keys = {key.kid: key for key in import_key_set(provider.service.get("/.well-known/jwks.json").json)}
    claims = verify(answer.text, keys[jws.header.kid], typ={"jwt"})
    assert (claims["iss"], claims["aud"], claims["sub"]) == (provider.issuer, "app", provider.person())


def test_without_a_token_no_more_is_said_than_how_to_bring_one(provider):
    answer = provider.service.get("/oauth/userinfo")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="gapura", DPoP realm="gapura"'


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer a,b"])
def test_a_header_that_holds_no_single_token_is_malformed(provider, header):
    answer = provider.service.get("/oauth/userinfo", headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_tokens_for_something_else_are_refused(provider):
    app = provider.add()
    tokens = provider.tokens(app)
    elsewhere = provider.tokens(app, resources=("https://elsewhere.example",))["access_token"]
    for token in (tokens["id_token"], tokens["refresh_token"], elsewhere, "x.y.z", tokens["access_token"][:-3]):
        answer = provider.userinfo(token)
        assert (answer.status_code, answer.json["error"]) == (401, "invalid_token")
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_without_the_scope_openid_it_says_what_is_missing(provider):
    app = provider.add()
    for token in (
        provider.tokens(app, scopes=frozenset({"account"}))["access_token"],
        provider.service.tokens()["access_token"],
    ):
        answer = provider.userinfo(token)
        assert (answer.status_code, answer.json["error"]) == (403, "insufficient_scope")
        assert 'scope="openid"' in answer.headers["WWW-Authenticate"]


def test_an_expired_token_is_refused(provider):
    token = provider.tokens(provider.add())["access_token"]
    provider.service.clock.advance(600)
    assert provider.userinfo(token).status_code == 401


def test_nothing_is_told_of_somebody_who_was_disabled(provider):
    token = provider.tokens(provider.add())["access_token"]
    provider.service.administration.disable("ani")
    assert provider.userinfo(token).status_code == 401


def test_a_page_of_the_client_may_read_the_answer(provider):
    spa = provider.public()
    token = provider.tokens(spa)["access_token"]
    own, foreign = ({"Origin": origin} for origin in ("https://app.example", "https://evil.example"))
    assert provider.userinfo(token, headers=own).headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Access-Control-Allow-Origin" not in provider.userinfo(token, headers=foreign).headers
    assert "Access-Control-Allow-Origin" not in provider.userinfo("x.y.z", headers=own).headers
