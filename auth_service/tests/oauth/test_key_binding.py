"""DPoP and certificates: tokens bound to a key, proofs that are good once, for one request, from one key."""

from dataclasses import replace

import pytest

from gapura.dpop import ReplayCache
from gapura.jose import parse_compact
from gapura_auth.oauth.authorization_codes import CodeBinding
from gapura_auth.oauth.clients import ClientRules

CALLBACK = "https://app.example/callback"
CHALLENGE = "placeholder"


def claims_of(token):
    return parse_compact(token).claims()


def refused(answer, error="invalid_dpop_proof", status=400):
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text


@pytest.fixture
def bound(provider):
    """Give a public client's tokens that are bound to a key."""
    prover, spa = provider.prover(), provider.public()
    answer = provider.exchange(spa, provider.code(spa), {"DPoP": prover.proof(provider.token_address)})
    assert answer.status_code == 200, answer.text
    return prover, spa, answer.json


def test_a_proof_binds_the_token_and_the_answer_has_the_next_nonce(provider_on_both):
    provider = provider_on_both
    prover, app = provider.prover(), provider.add()
    answer = provider.token(app, "client_credentials", {"DPoP": prover.proof(provider.token_address)})
    assert answer.json["token_type"] == "DPoP"
    assert claims_of(answer.json["access_token"])["cnf"] == {"jkt": prover.thumbprint}
    assert answer.headers["DPoP-Nonce"]


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"method": "GET"}, "invalid_dpop_proof"),
        ({"url": "http://127.0.0.1:5000/oauth/par"}, "invalid_dpop_proof"),
        ({"url": "https://127.0.0.1:5000/oauth/token"}, "invalid_dpop_proof"),
        ({"url": "http://evil.example/oauth/token"}, "invalid_dpop_proof"),
        ({"iat": 1}, "invalid_dpop_proof"),
        ({"iat": 2_000_000_000}, "invalid_dpop_proof"),
        ({"jti": None}, "invalid_dpop_proof"),
        ({"jti": "j" * 300}, "invalid_dpop_proof"),
        ({"nonce": "made-up"}, "use_dpop_nonce"),
        ({"nonce": "é" * 8}, "use_dpop_nonce"),
        ({"nonce": None}, "use_dpop_nonce"),
    ],
)
def test_a_proof_for_something_else_is_refused(provider, claims, error):
    prover, app = provider.prover(), provider.add()
    if "nonce" in claims:
        prover.nonce = claims.pop("nonce")
    proof = prover.proof(claims.pop("url", provider.token_address), **claims)
    answer = provider.token(app, "client_credentials", {"DPoP": proof})
    refused(answer, error)
    assert ("DPoP-Nonce" in answer.headers) is (error == "use_dpop_nonce")


def test_a_nonce_is_good_for_minutes(provider):
    prover, app = provider.prover(), provider.add()
    provider.service.clock.advance(299)
    assert provider.token(app, "client_credentials", {"DPoP": prover.proof(provider.token_address)}).status_code == 200
    provider.service.clock.advance(2)
    refused(provider.token(app, "client_credentials", {"DPoP": prover.proof(provider.token_address)}), "use_dpop_nonce")


@pytest.mark.parametrize("proof", ["garbage", "a.b.c", "{proof},{proof}", "{proof}, {proof}"])
def test_what_is_no_single_proof_is_refused(provider, proof):
    prover, app = provider.prover(), provider.add()
    text = proof.format(proof=prover.proof(provider.token_address))
    refused(provider.token(app, "client_credentials", {"DPoP": text}))


def test_a_proof_is_good_once_in_all_processes_together(provider_on_both, monkeypatch):
    provider = provider_on_both
    prover, app = provider.prover(), provider.add()
    proof = {"DPoP": prover.proof(provider.token_address)}
    assert provider.token(app, "client_credentials", proof).status_code == 200
    refused(provider.token(app, "client_credentials", proof))
    monkeypatch.setattr(ReplayCache, "use", lambda *_: True)  # as if another process answered
    refused(provider.token(app, "client_credentials", proof))


def test_too_many_proofs_at_once_are_told_to_come_later(provider, monkeypatch):
    prover, app = provider.prover(), provider.add()
    monkeypatch.setattr(ReplayCache, "is_full", lambda *_: True)
    proof = {"DPoP": prover.proof(provider.token_address)}
    refused(provider.token(app, "client_credentials", proof), "temporarily_unavailable", 503)


def test_a_client_that_must_bind_its_tokens_cannot_leave_the_proof_out(provider):
    app = provider.add(rules=ClientRules(dpop_bound=True))
    refused(provider.token(app, "client_credentials"), "invalid_request")


def test_a_code_that_is_bound_to_a_key_is_good_with_that_key_only(provider_on_both, challenge):
    provider = provider_on_both
    prover, other, app = provider.prover(), provider.prover(), provider.add()
    binding = CodeBinding(redirect_uri=CALLBACK, code_challenge=challenge, dpop_jkt=prover.thumbprint)
    for headers in ({}, {"DPoP": other.proof(provider.token_address)}):
        refused(provider.exchange(app, provider.code(app, binding), headers), "invalid_grant")
    good = provider.exchange(app, provider.code(app, binding), {"DPoP": prover.proof(provider.token_address)})
    assert good.status_code == 200


def test_a_public_clients_refresh_token_is_good_with_its_key_only(provider, bound):
    prover, spa, tokens = bound
    refused(provider.refresh(spa, tokens["refresh_token"]), "invalid_grant")
    stolen = {"DPoP": provider.prover().proof(provider.token_address)}
    refused(provider.refresh(spa, tokens["refresh_token"], stolen), "invalid_grant")
    answer = provider.refresh(spa, tokens["refresh_token"], {"DPoP": prover.proof(provider.token_address)})
    assert answer.json["token_type"] == "DPoP"


def test_a_confidential_client_may_change_its_key_but_not_drop_it(provider):
    first, second, app = provider.prover(), provider.prover(), provider.add()
    tokens = provider.exchange(app, provider.code(app), {"DPoP": first.proof(provider.token_address)}).json
    refused(provider.refresh(app, tokens["refresh_token"]), "invalid_grant")
    answer = provider.refresh(app, tokens["refresh_token"], {"DPoP": second.proof(provider.token_address)})
    assert claims_of(answer.json["access_token"])["cnf"] == {"jkt": second.thumbprint}


def userinfo(provider, token, scheme="DPoP", method="GET", **headers):
    headers = {"Authorization": f"{scheme} {token}"} | headers
    return provider.service.call(method, "/oauth/userinfo", headers=headers)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_takes_a_bound_token_with_its_proof(provider, bound, method):
    prover, _, tokens = bound
    token, address = tokens["access_token"], f"{provider.issuer}/oauth/userinfo"
    answer = userinfo(provider, token, method=method, DPoP=prover.proof(address, method, token))
    assert answer.status_code == 200, answer.text


def test_userinfo_refuses_a_bound_token_without_the_right_proof(provider, bound):
    prover, _, tokens = bound
    token, address = tokens["access_token"], f"{provider.issuer}/oauth/userinfo"
    used = prover.proof(address, "GET", token)
    assert userinfo(provider, token, DPoP=used).status_code == 200
    wrong = {
        "as bearer": ("Bearer", prover.proof(address, "GET", token)),
        "no proof": ("DPoP", None),
        "used before": ("DPoP", used),
        "another key": ("DPoP", provider.prover().proof(address, "GET", token)),
        "another token": ("DPoP", prover.proof(address, "GET", token + "x")),
        "no token": ("DPoP", prover.proof(address, "GET")),
        "another method": ("DPoP", prover.proof(address, "POST", token)),
        "another address": ("DPoP", prover.proof(provider.token_address, "GET", token)),
        "two": ("DPoP", f"{prover.proof(address, 'GET', token)},{prover.proof(address, 'GET', token)}"),
    }
    for name, (scheme, proof) in wrong.items():
        answer = userinfo(provider, token, scheme, **({"DPoP": proof} if proof else {}))
        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"].startswith("DPoP "), name


def test_a_bearer_token_cannot_pretend_to_be_bound(provider):
    app, prover = provider.add(), provider.prover()
    token = provider.tokens(app)["access_token"]
    proof = prover.proof(f"{provider.issuer}/oauth/userinfo", "GET", token)
    assert userinfo(provider, token, DPoP=proof).status_code == 401


@pytest.fixture
def behind_proxy(open_service, sqlite_url, provider):
    service = open_service(sqlite_url, certificate_header="X-Client-Cert", trusted_proxies="127.0.0.9")
    return replace(provider, service=service)


def with_certificate(certificate):
    return {"X-Client-Cert": certificate}


def test_tokens_of_a_client_with_certificate_are_bound_to_it(behind_proxy, certificates):
    provider, (first, second) = behind_proxy, certificates
    app = provider.add(rules=ClientRules(certificate_bound=True))
    from functools import partial  # noqa: PLC0415 -- beside its only use

    call = partial(provider.service.call, address="127.0.0.9")
    form = {"client_id": app.id, "client_secret": "correct horse battery staple", "code": provider.code(app)}
    form |= {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": provider.verifier}
    missing = call("POST", "/oauth/token", data=form)
    refused(missing, "invalid_request")
    answer = call("POST", "/oauth/token", data=form, headers=with_certificate(first))
    assert answer.status_code == 200, answer.text
    token = answer.json["access_token"]
    assert set(claims_of(token)["cnf"]) == {"x5t#S256"}
    assert call("GET", "/oauth/userinfo", token, headers=with_certificate(first)).status_code == 200
    assert call("GET", "/oauth/userinfo", token, headers=with_certificate(second)).status_code == 401
    assert call("GET", "/oauth/userinfo", token).status_code == 401
    assert provider.userinfo(token, headers=with_certificate(first)).status_code == 401  # not from the proxy
