"""The plan `fapi2-security-profile-final-test-plan` with PAR, `private_key_jwt` and DPoP.

The docstring of a test names the module of the plan, without `fapi2-security-profile-final-`. The modules that need TLS
are left out: a proxy brings it.
"""

import hashlib

import pytest
from certification_suite import CALLBACK, DROP, ISSUER, PKCE, claims_of, header_of, key_of, refused, sign
from pages_in_a_browser import Page

from gapura.jose import encode_base64url


@pytest.fixture
def client(fapi):
    return fapi.add_fapi()


def pushed_error(answer, *errors):
    refused(answer, *(errors or ("invalid_request",)))


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
def test_a_login_with_everything_that_fapi_wants(fapi, algorithm):
    """happy-flow, par-without-duplicate-parameters, ensure-dpop-auth-code-binding-success"""
    client = fapi.add_fapi(algorithm=algorithm)
    tokens = fapi.fapi_tokens(client, scope="openid email")
    claims = fapi.check_id_token(tokens["id_token"], client)
    assert header_of(tokens["id_token"])["alg"] == "ES256"
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()
    assert claims["at_hash"] == encode_base64url(digest[:16])
    bound = claims_of(tokens["access_token"])
    assert bound["cnf"] == {"jkt": fapi.dpop_key.verification_key.thumbprint}
    assert 0 < tokens["expires_in"] <= 600
    answer = fapi.resource(tokens["access_token"], fapi.proof("/oauth/userinfo", "GET", tokens["access_token"]))
    assert (answer.status_code, answer.json["sub"]) == (200, claims["sub"])


def test_a_person_who_declines_is_reported(fapi, client):
    """user-rejects-authentication"""
    page = fapi.browser.follow(fapi.visit_pushed(client, fapi.pushed(client)))
    response = fapi.complete(fapi.browser.send(page, "cancel"))
    assert (response.members["error"], response.members["iss"]) == ("access_denied", ISSUER)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": DROP},
        {"nonce": DROP},
        {"nonce": "n" * 64},
        {"nonce": "n" * 384},
        {"state": "s" * 1000},
        {"scope": "email openid"},
    ],
    ids=lambda changes: f"{next(iter(changes))}",
)
def test_state_nonce_and_the_order_of_scopes_are_the_clients_affair(fapi, client, changes):
    """ensure-authorization-request-without-state-success, …-without-nonce-success, …-with-64-char-nonce-success,
    …-with-long-nonce, …-with-long-state, ensure-other-scope-order-succeeds"""
    response = fapi.complete(fapi.visit_pushed(client, fapi.pushed(client, **changes)))
    assert response.members.get("state", DROP) == changes.get("state", "a state")
    claims = claims_of(fapi.fapi_exchange(client, response.code).json["id_token"])
    assert claims.get("nonce", DROP) == changes.get("nonce", "a nonce")


def test_claims_that_are_asked_for_one_by_one_arrive_and_no_others(fapi, client):
    """test-claims-parameter-identity-claims"""
    claims = '{"id_token": {"email": null, "made_up": {"essential": true}}, "userinfo": {"email": {"essential": true}}}'
    tokens = fapi.fapi_tokens(client, claims=claims)
    identified = claims_of(tokens["id_token"])
    assert identified["email"] == "ani@example.com"
    assert "made_up" not in identified
    proof = fapi.proof("/oauth/userinfo", "GET", tokens["access_token"])
    assert fapi.resource(tokens["access_token"], proof).json["email"] == "ani@example.com"


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_the_scheme_of_a_token_may_be_written_in_any_case(fapi, client, scheme):
    """access-token-type-header-case-sensitivity"""
    token = fapi.fapi_tokens(client)["access_token"]
    assert fapi.resource(token, fapi.proof("/oauth/userinfo", "GET", token), scheme=scheme).status_code == 200


@pytest.mark.parametrize("seconds", [-10, 10])
def test_a_proof_may_be_ten_seconds_off(fapi, client, seconds):
    """ensure-dpop-proof-with-iat-10-seconds-before-succeeds, …-after-succeeds, check-dpop-proof-nbf-exp"""
    now = int(fapi.service.clock())
    token = fapi.fapi_tokens(client)["access_token"]
    fapi.service.clock.advance(-0.9)  # as much as the suite's clock may differ besides
    proof = fapi.proof("/oauth/userinfo", "GET", token, iat=now + seconds, nbf=now, exp=now + 60)
    assert fapi.resource(token, proof).status_code == 200


# the code is bound to a key


def test_a_proof_at_the_pushed_request_binds_the_code(fapi, client):
    """ensure-dpop-proof-at-par-endpoint-binding-success, ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt"""
    code = fapi.code(client, dpop=fapi.proof("/oauth/par"))
    assert fapi.fapi_exchange(client, code).status_code == 200
    code = fapi.code(client, dpop=fapi.proof("/oauth/par", key=key_of("ES256", "another")))
    refused(fapi.fapi_exchange(client, code), "invalid_grant", "invalid_dpop_proof")


def test_a_thumbprint_in_the_request_binds_the_code(fapi, client):
    """ensure-token-endpoint-fails-with-mismatched-dpop-jkt, ensure-mismatched-dpop-jkt-fails"""
    own, other = (key.verification_key.thumbprint for key in (fapi.dpop_key, key_of("ES256", "another")))
    assert fapi.fapi_exchange(client, fapi.code(client, dpop_jkt=own)).status_code == 200
    refused(fapi.fapi_exchange(client, fapi.code(client, dpop_jkt=other)), "invalid_grant", "invalid_dpop_proof")
    answer = fapi.push(client, dpop=fapi.proof("/oauth/par"), dpop_jkt=other)
    pushed_error(answer, "invalid_request", "invalid_dpop_proof")


# authorization requests that are refused


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"redirect_uri": f"{CALLBACK}/other"}, {"invalid_request", "invalid_redirect_uri"}),
        ({"redirect_uri": DROP}, {"invalid_request"}),
        ({"response_type": "code id_token"}, {"unsupported_response_type", "invalid_request", "unauthorized_client"}),
        ({"response_type": "token"}, {"unsupported_response_type", "invalid_request", "unauthorized_client"}),
        ({"code_challenge": DROP, "code_challenge_method": DROP}, {"invalid_request"}),
        ({"code_challenge_method": "plain"}, {"invalid_request"}),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, {"invalid_request"}),
    ],
    ids=["unregistered", "no redirect_uri", "hybrid", "implicit", "no PKCE", "plain PKCE", "request_uri"],
)
def test_a_request_that_the_profile_forbids_cannot_be_pushed(fapi, client, changes, errors):
    """ensure-registered-redirect-uri, ensure-redirect-uri-in-authorization-request, ensure-request-object-without-
    redirect-uri-fails, ensure-response-type-code-idtoken-fails, ensure-response-type-token-fails, par-ensure-pkce-
    required, par-ensure-plain-pkce-rejected, par-authorization-request-containing-request_uri-form-param"""
    pushed_error(fapi.push(client, **changes), *errors)


def test_a_request_that_was_not_pushed_is_refused(fapi, client):
    """ensure-unsigned-authorization-request-without-using-par-fails"""
    assert fapi.complete(fapi.visit(client, **PKCE)).members["error"] == "invalid_request"


def test_a_reference_is_good_once_but_may_be_visited_before(fapi, client):
    """par-ensure-server-accepts-reused-request-uri-before-authentication-completion, par-attempt-reuse-request_uri"""
    request_uri = fapi.pushed(client)
    assert "sign_in" in fapi.browser.follow(fapi.visit_pushed(client, request_uri)).actions
    assert fapi.complete(fapi.visit_pushed(client, request_uri)).code
    fapi.error_page(fapi.visit_pushed(client, request_uri))


def test_a_reference_expires(fapi, client):
    """par-attempt-to-use-expired-request_uri"""
    answer = fapi.push(client).json
    fapi.service.clock.advance(answer["expires_in"])
    fapi.error_page(fapi.visit_pushed(client, answer["request_uri"]))


def test_a_reference_is_bound_to_its_client(fapi, client):
    """par-attempt-to-use-request_uri-for-different-client"""
    fapi.error_page(fapi.visit_pushed(fapi.add_fapi("client2", "ES256"), fapi.pushed(client)))


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_requests_are_pushed_with_post_only(fapi, method):
    """par-attempt-invalid-http-method"""
    assert fapi.service.call(method, "/oauth/par").status_code == 405


# the token endpoint


def test_without_a_proof_no_token_is_given(fapi, client):
    """ensure-holder-of-key-required"""
    refused(fapi.fapi_exchange(client, fapi.code(client), dpop=""), "invalid_request", "invalid_grant")


def test_a_code_is_bound_to_its_client(fapi, client):
    """ensure-authorization-code-is-bound-to-client"""
    refused(fapi.fapi_exchange(fapi.add_fapi("client2", "ES256"), fapi.code(client)), "invalid_grant")


def test_a_code_is_good_once_and_its_reuse_ends_what_it_gave(fapi, client):
    """attempt-reuse-authorization-code-after-one-second"""
    code = fapi.code(client)
    token = fapi.fapi_exchange(client, code).json["access_token"]
    fapi.service.clock.advance(1)
    refused(fapi.fapi_exchange(client, code), "invalid_grant")
    assert fapi.resource(token, fapi.proof("/oauth/userinfo", "GET", token)).status_code == 401


def test_a_code_lives_for_a_minute(fapi, client):
    """attempt-to-use-expired-auth-code"""
    code = fapi.code(client)
    fapi.service.clock.advance(60)
    refused(fapi.fapi_exchange(client, code), "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": DROP}, {"code_verifier": "w" * 43}, {"redirect_uri": f"{CALLBACK}/other"}],
    ids=["no verifier", "another verifier", "another address"],
)
def test_what_belongs_to_a_code_must_come_with_it(fapi, client, changes):
    """par-ensure-pkce-code-verifier-required, par-incorrect-pkce-code-verifier-rejected"""
    refused(fapi.fapi_exchange(client, fapi.code(client), **changes), "invalid_grant", "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "RS256"},
        {"algorithm": "none"},
        {"aud": f"{ISSUER}/oauth/token"},
        {"aud": f"{ISSUER}/oauth/par"},
        {"aud": [f"{ISSUER}/oauth/par"]},
        {"aud": [ISSUER]},
        {"aud": "https://other.example"},
        {"aud": DROP},
        {"sub": DROP},
        {"sub": "other"},
        {"iss": "other"},
        {"exp": -300},
        {"exp": DROP},
        {"iat": 70, "nbf": 70},
        {"jti": DROP},
    ],
    ids=str,
)
def test_an_assertion_that_is_not_exactly_right_proves_nothing(fapi, client, changes):
    """ensure-signed-client-assertion-with-RS256-fails, ensure-client-assertion-with-wrong-aud-fails, …-with-no-sub-
    fails, …-with-exp-is-5-minutes-in-past-fails, par-ensure-jwt-client-assertion-with-iat-nbf-over-60-seconds-in-the-
    future-fails, par-endpoint-as-audience-fails, par-endpoint-as-array-audience-fails, par-token-endpoint-as-audience-…
    """
    now = int(fapi.service.clock())
    moved = {name: now + value if isinstance(value, int) else value for name, value in changes.items()}
    pushed_error(fapi.push(client, assertion=fapi.assertion(client, **moved)), "invalid_client")
    code = fapi.code(client)
    refused(fapi.fapi_exchange(client, code, assertion=fapi.assertion(client, **moved)), "invalid_client")


def test_an_assertion_may_be_eight_seconds_early_and_is_good_once(fapi, client):
    """par-ensure-jwt-client-assertion-with-iat-nbf-8-seconds-in-the-future-is-accepted"""
    now = int(fapi.service.clock())
    assertion = fapi.assertion(client, iat=now + 8, nbf=now + 8)
    assert fapi.push(client, assertion=assertion).status_code == 201
    pushed_error(fapi.push(client, assertion=assertion), "invalid_client")


def test_without_an_assertion_a_client_is_nobody(fapi, client):
    """ensure-client-assertion-in-token-endpoint"""
    answer = fapi.fapi_exchange(client, fapi.code(client), assertion={"client_id": client.id})
    refused(answer, "invalid_client", "invalid_request")


def test_a_nonce_is_asked_for_before_the_assertion_is_used_up(fapi, client):
    """Every module: the suite sends the same assertion again with the nonce."""
    code, assertion = fapi.code(client), fapi.assertion(client)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": "x" * 43}
    answer = fapi.post("/oauth/token", form | assertion, DPoP=fapi.proof("/oauth/token"))
    refused(answer, "use_dpop_nonce")
    assert answer.headers["DPoP-Nonce"]
    assert fapi.fapi_exchange(client, code, assertion=assertion).status_code == 200


def test_a_refresh_whose_answer_was_lost_works_again_half_a_minute_later(fapi, client):
    """refresh-token"""
    first = fapi.fapi_tokens(client, scope="openid offline_access", prompt="consent")["refresh_token"]

    def refresh(token, **changes):
        return fapi.fapi_token(client, grant_type="refresh_token", refresh_token=token, **changes)

    second = refresh(first).json
    fapi.service.clock.advance(45)
    again = refresh(first)
    assert (again.status_code, again.json["refresh_token"]) == (200, second["refresh_token"])
    refused(refresh(second["refresh_token"], dpop=""), "invalid_request", "invalid_grant", "invalid_client")
    other = fapi.add_fapi("client2", "ES256")
    stolen = fapi.fapi_token(other, grant_type="refresh_token", refresh_token=second["refresh_token"])
    refused(stolen, "invalid_grant")
    assert refresh(second["refresh_token"]).status_code == 200


# DPoP at a protected resource

EARLY, LATE = -3600, 3600


@pytest.fixture
def token(fapi, client):
    return fapi.fapi_tokens(client)["access_token"]


@pytest.mark.parametrize(
    "changes",
    [
        {"header_typ": DROP},
        {"header_typ": "JWT"},
        {"header_alg": DROP},
        {"header_alg": "none"},
        {"header_alg": "ES384"},
        {"header_jwk": DROP},
        {"jti": DROP},
        {"htm": DROP},
        {"htu": DROP},
        {"iat": DROP},
        {"ath": DROP},
        {"ath": "wrong"},
        {"htm": "PUT"},
        {"htu": "https://example.com/"},
        {"iat": EARLY},
        {"iat": LATE},
        {"key": key_of("ES256", "another")},
        {"key": key_of("RS256", "another")},
    ],
    ids=lambda changes: str(sorted(changes)),
)
def test_a_proof_that_is_not_right_opens_nothing(fapi, token, changes):
    """dpop-negative-tests"""
    if isinstance(changes.get("iat"), int):
        changes = {"iat": int(fapi.service.clock()) + changes["iat"]}
    answer = fapi.resource(token, fapi.proof("/oauth/userinfo", "GET", token, **changes))
    assert answer.status_code in {400, 401}, answer.text
    assert "WWW-Authenticate" in answer.headers


def test_an_rsa_key_is_no_proof_under_rs256_and_a_private_key_is_none_at_all(fapi, token):
    """dpop-negative-tests"""
    rsa = {"kty", "n", "e"}
    public = {name: value for name, value in fapi.dpop_key.public_jwk().items() if name in rsa}
    claims = claims_of(fapi.proof("/oauth/userinfo", "GET", token))
    weak = key_of("RS256", "dpop")
    weak_public = {name: value for name, value in weak.public_jwk().items() if name in rsa}
    assert fapi.resource(token, sign(weak, claims, typ="dpop+jwt", jwk=weak_public)).status_code == 401
    leaked = sign(fapi.dpop_key, claims, typ="dpop+jwt", jwk=public | {"d": public["n"]})
    assert fapi.resource(token, leaked).status_code == 401
    assert fapi.resource(token, sign(fapi.dpop_key, claims, typ="dpop+jwt", jwk=public)).status_code == 200


def test_two_proofs_a_broken_one_none_and_a_bearer_are_refused(fapi, token):
    """dpop-negative-tests"""
    one, two = (fapi.proof("/oauth/userinfo", "GET", token) for _ in range(2))
    for proofs in ((one, two), ("not.a.jwt",), (two[:-6] + "AAAAAA",), ()):
        assert fapi.resource(token, *proofs).status_code in {400, 401}
    assert fapi.resource(token, scheme="Bearer").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"htu": f"{ISSUER}/oauth/userinfo?query=1#fragment"},
        {"htu": "HTTPS://LOGIN.EXAMPLE/oauth/userinfo"},
        {"htu": f"{ISSUER}:443/oauth/userinfo"},
        {"extra": "claim", "header_extra": "header"},
    ],
    ids=str,
)
def test_what_makes_no_difference_is_accepted(fapi, token, changes):
    """dpop-negative-tests"""
    assert fapi.resource(token, fapi.proof("/oauth/userinfo", "GET", token, **changes)).status_code == 200


def test_a_proof_is_good_once_at_a_resource_too(fapi, token):
    """dpop-negative-tests"""
    proof = fapi.proof("/oauth/userinfo", "GET", token)
    assert fapi.resource(token, proof).status_code == 200
    assert fapi.resource(token, proof).status_code == 401


def test_the_error_page_of_a_reference_says_what_is_wrong(fapi, client):
    page = Page.of(fapi.visit_pushed(client, "urn:ietf:params:oauth:request_uri:unknown"))
    assert "invalid_request_uri" in page.text
