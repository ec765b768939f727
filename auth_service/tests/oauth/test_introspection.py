"""Introspection and revocation: each client about its own tokens, and those that are sent to it."""

import pytest

from gapura.jose import parse_compact
from gapura_auth.oauth.clients import ClientAlgorithms, ClientRules


def introspect(provider, client, token, **options):
    return provider.post("/oauth/introspect", client, token=token, **options)


def revoke(provider, client, token, **form):
    return provider.post("/oauth/revoke", client, token=token, **form)


INACTIVE = {"active": False}


def test_a_client_is_told_about_its_own_tokens(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    tokens = provider.tokens(app)
    access = introspect(provider, app, tokens["access_token"])
    assert access.headers["Cache-Control"] == "no-store"
    claims = parse_compact(tokens["access_token"]).claims()
    told = {"active": True, "token_type": "Bearer", "username": "ani"}
    assert access.json == {name: claims[name] for name in claims if name in access.json} | told
    assert {"iss", "sub", "aud", "scope", "client_id", "exp", "iat", "jti"} <= set(access.json)
    refresh = introspect(provider, app, tokens["refresh_token"], token_type_hint="refresh_token").json
    assert refresh["active"] is True
    assert (refresh["client_id"], refresh["sub"]) == ("app", provider.person())
    machine = provider.token(app, "client_credentials").json["access_token"]
    assert introspect(provider, app, machine).json["active"] is True


def test_others_see_nothing_unless_the_token_is_sent_to_them(provider):
    app, stranger = provider.add(), provider.add("stranger")
    api, first_party = provider.add("api"), provider.add("first-party", rules=ClientRules(first_party=True))
    tokens = provider.tokens(app)
    for_api = provider.tokens(app, resources=("api",))["access_token"]
    for token in (*tokens.values(), for_api):
        assert introspect(provider, stranger, str(token)).json == INACTIVE
    assert introspect(provider, api, for_api).json["active"] is True
    assert introspect(provider, api, tokens["access_token"]).json == INACTIVE
    assert introspect(provider, first_party, tokens["access_token"]).json["active"] is True
    assert introspect(provider, first_party, for_api).json == INACTIVE


def test_what_is_not_good_looks_like_what_never_was(provider):
    app = provider.add()
    tokens = provider.tokens(app)
    next_one = provider.refresh(app, tokens["refresh_token"]).json["refresh_token"]
    assert introspect(provider, app, tokens["refresh_token"]).json == INACTIVE
    assert introspect(provider, app, tokens["id_token"]).json == INACTIVE
    assert introspect(provider, app, "garbage").json == INACTIVE
    provider.service.clock.advance(600)
    assert introspect(provider, app, tokens["access_token"]).json == INACTIVE
    assert introspect(provider, app, next_one).json["active"] is True
    provider.service.administration.disable("ani")
    assert introspect(provider, app, next_one).json == INACTIVE


def test_a_bound_token_is_told_with_its_key(provider):
    prover, app = provider.prover(), provider.add()
    answer = provider.token(app, "client_credentials", {"DPoP": prover.proof(provider.token_address)}).json
    told = introspect(provider, app, answer["access_token"]).json
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": prover.thumbprint})


@pytest.mark.parametrize(("registered", "algorithm"), [(None, "RS256"), ("ES256", "ES256")])
def test_the_answer_is_signed_where_that_is_asked_for(provider, registered, algorithm):
    app = provider.add(algorithms=ClientAlgorithms(introspection=registered))
    token = provider.tokens(app)["access_token"]
    accept = {"Accept": "application/token-introspection+jwt"}
    answer = introspect(provider, app, token, headers=accept)
    assert answer.content_type == "application/token-introspection+jwt"
    jws = parse_compact(answer.text)
    assert (jws.header.typ, jws.header.alg) == ("token-introspection+jwt", algorithm)
    claims = jws.claims()
    assert set(claims) == {"iss", "aud", "iat", "token_introspection"}
    assert (claims["aud"], claims["token_introspection"]["active"]) == ("app", True)
    assert introspect(provider, app, token, headers={"Accept": "*/*"}).content_type == "application/json"


def test_who_asks_must_prove_who_they_are(provider):
    spa = provider.public()
    token = provider.tokens(spa)["access_token"]
    assert introspect(provider, spa, token).status_code == 401
    nobody = provider.service.call("POST", "/oauth/introspect", data={"token": token})
    assert (nobody.status_code, nobody.json["error"]) == (400, "invalid_request")
    app = provider.add()
    assert provider.post("/oauth/introspect", app).status_code == 400
    assert introspect(provider, app, token, client_secret="wrong").status_code == 401


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("kind", ["add", "public"])
def test_giving_a_token_back_ends_the_session(provider_on_both, which, kind):
    provider = provider_on_both
    client = getattr(provider, kind)()
    tokens = provider.tokens(client)
    answer = revoke(provider, client, tokens[which], token_type_hint="nonsense")
    assert (answer.status_code, answer.data) == (200, b"")
    assert provider.userinfo(tokens["access_token"]).status_code == 401
    assert provider.refresh(client, tokens["refresh_token"]).status_code == 400
    assert revoke(provider, client, tokens[which]).status_code == 200


def test_unknown_tokens_are_none_to_complain_about(provider):
    app = provider.add()
    for token in ("garbage", "gpr_rt_x", provider.tokens(app)["id_token"]):
        assert revoke(provider, app, token).status_code == 200
    assert provider.post("/oauth/revoke", app).status_code == 400


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_another_clients_token_is_not_ones_own_to_give_back(provider, which):
    app, other = provider.add(), provider.add("other")
    tokens = provider.tokens(app)
    answer = revoke(provider, other, tokens[which])
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    assert provider.userinfo(tokens["access_token"]).status_code == 200


def test_a_token_without_a_session_cannot_be_given_back(provider):
    app = provider.add()
    token = provider.token(app, "client_credentials").json["access_token"]
    answer = revoke(provider, app, token)
    assert (answer.status_code, answer.json["error"]) == (400, "unsupported_token_type")
