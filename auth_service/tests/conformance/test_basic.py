"""The plans `oidcc-basic-certification-test-plan` and `oidcc-formpost-basic-certification-test-plan`.

The docstring of a test names the module of the plan.
"""

import orjson
import pytest
from certification_suite import CALLBACK, DROP, ISSUER, PKCE, VERIFIER, claims_of, header_of, refused
from pages_in_a_browser import Page

from gapura.jose import encode_base64url
from gapura_auth.clients.administration import ClientAdministration
from gapura_auth.oauth.registration_policy import RegistrationPolicy


def test_a_login_gives_a_code_and_an_id_token_that_is_right_in_everything(suite, client):
    """oidcc-server"""
    response = suite.authorize(client)
    assert response.mode == (suite.response_mode or "query")
    assert set(response.members) == {"code", "state", "iss"}
    tokens = suite.exchange(client, response.code).json
    suite.check_id_token(tokens["id_token"], client)
    assert header_of(tokens["id_token"])["alg"] == "RS256"
    assert suite.userinfo(tokens["access_token"])["sub"] == claims_of(tokens["id_token"])["sub"]


def test_a_request_without_response_type_is_refused_at_the_client(suite, client):
    """oidcc-response-type-missing"""
    response = suite.complete(suite.visit(client, response_type=DROP))
    assert response.members["error"] in {"invalid_request", "unsupported_response_type"}
    assert (response.members["state"], response.members["iss"]) == ("a state", ISSUER)


def test_the_signature_of_an_id_token_names_its_published_key(suite, client):
    """oidcc-idtoken-signature"""
    tokens = suite.tokens(client)
    keys = suite.service.get("/.well-known/jwks.json").json["keys"]
    assert header_of(tokens["id_token"])["kid"] in {key["kid"] for key in keys if key["kty"] == "RSA"}


def test_unsigned_id_tokens_are_neither_promised_nor_registered(suite):
    """oidcc-idtoken-unsigned: skipped by the suite, as it should be"""
    assert "none" not in suite.metadata()["id_token_signing_alg_values_supported"]
    with pytest.raises(Exception, match="id_token_signed_response_alg"):
        suite.add(id_token_signed_response_alg="none")


@pytest.mark.parametrize("way", ["get", "post-header", "post-body"])
def test_userinfo_is_asked_in_three_ways(suite, client, way):
    """oidcc-userinfo-get, oidcc-userinfo-post-header, oidcc-userinfo-post-body"""
    token = suite.tokens(client)["access_token"]
    answer = {
        "get": lambda: suite.service.get("/oauth/userinfo", token),
        "post-header": lambda: suite.service.call("POST", "/oauth/userinfo", token),
        "post-body": lambda: suite.post("/oauth/userinfo", {"access_token": token}),
    }[way]()
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json["sub"]


def test_a_request_without_nonce_succeeds(suite, client):
    """oidcc-ensure-request-without-nonce-succeeds-for-code-flow"""
    assert "nonce" not in claims_of(suite.tokens(client, nonce=DROP)["id_token"])


def test_the_scope_email_gives_its_claims_at_userinfo_and_nowhere_else(suite, client):
    """oidcc-scope-email"""
    tokens = suite.tokens(client, scope="openid email")
    told = suite.userinfo(tokens["access_token"])
    assert (told["email"], told["email_verified"]) == ("ani@example.com", False)
    assert "email" not in claims_of(tokens["id_token"])


def test_the_scope_profile_gives_what_is_known_with_the_right_types(suite, client):
    """oidcc-scope-profile: the suite warns, because we know no names, birthdays and pictures"""
    told = suite.userinfo(suite.tokens(client, scope="openid profile")["access_token"])
    assert told["preferred_username"] == "ani"
    assert isinstance(told["updated_at"], int)
    assert None not in told.values()


def test_scopes_that_nothing_is_known_for_are_not_promised_and_do_no_harm(suite, client):
    """oidcc-scope-address, oidcc-scope-phone, oidcc-scope-all: skipped by the suite, as it should be"""
    assert {"address", "phone"}.isdisjoint(suite.metadata()["scopes_supported"])
    told = suite.userinfo(suite.tokens(client, scope="openid profile email address phone")["access_token"])
    assert {"preferred_username", "email"} <= set(told)


def test_the_order_of_scopes_does_not_matter(suite, client):
    """oidcc-ensure-other-scope-order-succeeds"""
    assert "id_token" in suite.tokens(client, scope="email profile openid")


@pytest.mark.parametrize("display", ["page", "popup", "touch", "nonsense"])
def test_every_wish_for_a_display_is_answered(suite, client, display):
    """oidcc-display-page, oidcc-display-popup"""
    assert suite.authorize(client, display=display).code


def test_prompt_login_asks_again_and_says_when(suite, client):
    """oidcc-prompt-login"""
    first = claims_of(suite.tokens(client)["id_token"])
    suite.service.clock.advance(2)
    response = suite.authorize(client, prompt="login")
    assert response.pages[0] == "sign_in"
    second = claims_of(suite.exchange(client, response.code).json["id_token"])
    assert second["sub"] == first["sub"]
    assert second["auth_time"] > first["auth_time"]


def test_prompt_none_without_a_login_is_refused_without_a_page(suite, client):
    """oidcc-prompt-none-not-logged-in"""
    response = suite.authorize(client, prompt="none")
    assert response.pages == []
    assert response.members["error"] in {"login_required", "interaction_required"}


def test_prompt_none_with_a_login_is_answered_without_a_page(suite, client):
    """oidcc-prompt-none-logged-in"""
    first = claims_of(suite.tokens(client)["id_token"])
    suite.service.clock.advance(1)
    response = suite.authorize(client, prompt="none")
    assert response.pages == []
    second = claims_of(suite.exchange(client, response.code).json["id_token"])
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


@pytest.mark.parametrize(("max_age", "asked"), [("1", True), ("10000", False)])
def test_max_age_asks_for_a_younger_login_only_where_it_must(suite, client, max_age, asked):
    """oidcc-max-age-1, oidcc-max-age-10000"""
    first = claims_of(suite.tokens(client)["id_token"])
    suite.service.clock.advance(2)
    response = suite.authorize(client, max_age=max_age)
    assert ("sign_in" in response.pages) is asked
    second = claims_of(suite.exchange(client, response.code).json["id_token"])
    assert (second["auth_time"] > first["auth_time"]) is asked
    assert second["sub"] == first["sub"]


def test_an_unknown_parameter_is_ignored(suite, client):
    """oidcc-ensure-request-with-unknown-parameter-succeeds"""
    assert suite.tokens(client, extra="foobar")


def test_an_id_token_hint_is_honoured_without_a_page(suite, client):
    """oidcc-id-token-hint"""
    first = suite.tokens(client)["id_token"]
    response = suite.authorize(client, prompt="none", id_token_hint=first)
    second = suite.exchange(client, response.code).json["id_token"]
    assert claims_of(second)["sub"] == claims_of(first)["sub"]


@pytest.mark.parametrize(
    "changes",
    [
        {"login_hint": "ani@example.com"},
        {"ui_locales": "se"},
        {"ui_locales": "en id"},
        {"claims_locales": "se"},
        {"acr_values": "1"},
        {"acr_values": "1 2"},
    ],
    ids=str,
)
def test_hints_and_wishes_never_make_a_request_fail(suite, client, changes):
    """oidcc-login-hint, oidcc-ui-locales, oidcc-claims-locales, oidcc-ensure-request-with-acr-values-succeeds"""
    claims = claims_of(suite.tokens(client, **changes)["id_token"])
    assert claims["acr"] in suite.metadata()["acr_values_supported"]


def test_a_login_hint_stands_in_the_form(plain_suite):
    page = plain_suite.browser.follow(plain_suite.visit(plain_suite.add(), login_hint="ani"))
    assert page.fields["username"] == "ani"


@pytest.mark.parametrize("later", [0, 30])
def test_a_code_that_is_used_twice_revokes_what_it_gave(suite, client, later):
    """oidcc-codereuse, oidcc-codereuse-30seconds"""
    code = suite.authorize(client).code
    first = suite.exchange(client, code).json
    suite.service.clock.advance(later)
    refused(suite.exchange(client, code), "invalid_grant")
    assert suite.service.get("/oauth/userinfo", first["access_token"]).status_code == 401


def test_an_unregistered_redirect_uri_ends_on_a_page(suite, client):
    """oidcc-ensure-registered-redirect-uri"""
    suite.error_page(suite.visit(client, redirect_uri=f"{CALLBACK}/other"))


@pytest.mark.parametrize("redirect_uri", [f"{CALLBACK}?foo=bar", f"{CALLBACK}#fragment", DROP])
def test_a_redirect_uri_that_is_not_exactly_the_registered_one_ends_on_a_page(suite, client, redirect_uri):
    """oidcc-redirect-uri-query-added, oidcc-ensure-redirect-uri-in-authorization-request (comprehensive plan)"""
    suite.error_page(suite.visit(client, redirect_uri=redirect_uri))


def test_a_redirect_uri_with_a_query_keeps_it_and_no_fragment_is_registered(plain_suite):
    """oidcc-redirect-uri-query-OK, oidcc-redirect-uri-regfrag (dynamic plan)"""
    registered = f"{CALLBACK}?foo=bar"
    client = plain_suite.add(redirect_uris=[registered])
    assert plain_suite.authorize(client, redirect_uri=registered).members["foo"] == "bar"
    with pytest.raises(Exception, match="fragment"):
        plain_suite.add("other", redirect_uris=[f"{CALLBACK}#foobar"])


def test_an_authorization_request_may_be_posted_from_another_site(suite, client):
    """oidcc-ensure-post-request-succeeds"""
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://www.certification.openid.net"}
    answer = suite.browser.post("/oauth/authorize", suite.request(client), **headers)
    assert suite.exchange(client, suite.complete(answer).code).status_code == 200


def test_a_secret_may_stand_in_the_body_of_a_client_that_is_registered_so(suite):
    """oidcc-server-client-secret-post"""
    client = suite.add(token_endpoint_auth_method="client_secret_post")
    form = {"grant_type": "authorization_code", "code": suite.authorize(client).code, "redirect_uri": CALLBACK}
    answer = suite.post("/oauth/token", form | {"client_id": client.id, "client_secret": client.secret})
    assert answer.status_code == 200


def unsigned(content):
    return f"{encode_base64url(orjson.dumps({'alg': 'none'}))}.{encode_base64url(orjson.dumps(content))}."


def test_an_unsigned_request_object_is_not_promised_and_never_silently_ignored(suite, client):
    """oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported, and by request_uri: skipped"""
    metadata = suite.metadata()
    assert metadata["request_parameter_supported"] is True
    assert "none" not in metadata["request_object_signing_alg_values_supported"]
    inside = suite.request(client, state="inside") | {"aud": ISSUER, "iss": client.id}
    response = suite.authorize(client, request=unsigned(inside))
    assert response.members["error"] in {"invalid_request_object", "request_not_supported"}
    by_reference = suite.authorize(client, request_uri=f"{CALLBACK}/request.jwt")
    assert by_reference.members["error"] in {"invalid_request_uri", "request_uri_not_supported"}


def test_an_invalid_redirect_uri_beside_an_unsigned_request_object_is_not_gone_to(suite, client):
    """oidcc-ensure-request-object-with-redirect-uri: skipped by the suite, as it should be"""
    inside = unsigned(suite.request(client) | {"aud": ISSUER, "iss": client.id})
    suite.error_page(suite.visit(client, request=inside, redirect_uri="https://evil.example/"))


def test_an_essential_claim_is_asked_for_at_userinfo_and_stays_out_of_the_id_token(suite, client):
    """oidcc-claims-essential: the suite asks for `name`, of which we know nothing, and warns"""
    claims = '{"userinfo": {"name": {"essential": true}, "email": {"essential": true}}}'
    tokens = suite.tokens(client, claims=claims)
    assert suite.userinfo(tokens["access_token"])["email"] == "ani@example.com"
    assert {"name", "email"}.isdisjoint(claims_of(tokens["id_token"]))


def test_refreshed_tokens_say_the_same_and_belong_to_one_client(suite, client):
    """oidcc-refresh-token"""
    other = suite.add("client2")
    first = suite.tokens(client, scope="openid offline_access", prompt="consent")
    suite.service.clock.advance(1)
    second = suite.refresh(client, first["refresh_token"]).json
    before, after = claims_of(first["id_token"]), claims_of(second["id_token"])
    assert all(after[name] == before[name] for name in ("iss", "sub", "aud", "azp", "auth_time"))
    assert after["iat"] > before["iat"]
    assert second["access_token"] != first["access_token"]
    assert suite.userinfo(second["access_token"])["sub"] == before["sub"]
    assert "refresh_token" in suite.metadata()["grant_types_supported"]
    refused(suite.refresh(client, suite.tokens(other)["refresh_token"]), "invalid_grant")


def test_a_client_that_need_not_may_use_pkce(suite, client):
    """oidcc-ensure-request-with-valid-pkce-succeeds"""
    code = suite.authorize(client, **PKCE).code
    assert suite.exchange(client, code, code_verifier=VERIFIER).status_code == 200
    code = suite.authorize(client, **PKCE).code
    refused(suite.exchange(client, code), "invalid_grant")


def test_a_person_who_declines_is_reported_to_the_client(suite, client):
    page = suite.browser.follow(suite.visit(client))
    response = suite.complete(suite.browser.send(page, "cancel"))
    assert response.members["error"] == "access_denied"


def test_the_suite_registers_its_clients_itself_and_they_need_no_pkce(suite):
    """Every module with dynamic registration: an initial access token carries what the suite cannot ask for."""
    service = suite.service
    administration = ClientAdministration(service.database, service.clock, lambda: "x", "test")
    token = administration.create_initial_token(RegistrationPolicy(without_pkce=True), 9, 600.0)
    document = {"client_name": "suite", "redirect_uris": [CALLBACK], "response_types": ["code"]}
    told = service.post("/oauth/register", document, headers={"Authorization": f"Bearer {token}"}).json
    assert (told["require_pkce"], told["token_endpoint_auth_method"]) == (False, "client_secret_basic")
    client = type(suite.add())(told["client_id"], told["client_secret"])
    assert suite.tokens(client)
    public = document | {"token_endpoint_auth_method": "none"}
    assert service.post("/oauth/register", public, headers={"Authorization": f"Bearer {token}"}).json["require_pkce"]


def test_a_form_post_page_submits_itself_and_keeps_nothing(plain_suite):
    client = plain_suite.add()
    answer = plain_suite.visit(client, response_mode="form_post", prompt="none")
    page = Page.of(answer)
    assert (page.action, page.all("form")[0]["method"]) == (CALLBACK, "post")
    assert answer.headers["Cache-Control"] == "no-store"
