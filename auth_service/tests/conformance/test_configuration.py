"""The plan `oidcc-config-certification-test-plan`, and the discovery modules of the other plans."""

import pytest

DISCOVERY = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]


@pytest.fixture(params=DISCOVERY)
def document(provider, request):
    answer = provider.get(request.param)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def test_every_member_that_must_be_there_is_there(document):
    """oidcc-discovery-endpoint-verification"""
    assert document["issuer"] == "https://login.example"
    assert document["response_types_supported"] == ["code"]
    assert document["subject_types_supported"] == ["public"]
    assert "RS256" in document["id_token_signing_alg_values_supported"]
    assert "RS256" in document["request_object_signing_alg_values_supported"]
    assert "openid" in document["scopes_supported"]
    assert {"sub", "email", "preferred_username"} <= set(document["claims_supported"])
    assert {"authorization_code", "refresh_token"} <= set(document["grant_types_supported"])
    assert {"query", "form_post"} == set(document["response_modes_supported"])
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["ui_locales_supported"] == ["id", "en"]
    for member in ("claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"):
        assert isinstance(document[member], bool)


def test_every_endpoint_is_https_and_below_the_issuer(document):
    endpoints = {name: value for name, value in document.items() if name.endswith(("_endpoint", "_uri"))}
    assert {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"} <= set(endpoints)
    assert all(value.startswith("https://login.example/") for value in endpoints.values())


def test_published_keys_have_names_and_no_private_parts(provider, document):
    keys = provider.get(document["jwks_uri"].removeprefix("https://login.example")).json["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert key["use"] == "sig"
        assert {"d", "p", "q", "dp", "dq", "qi", "k"}.isdisjoint(key)


def test_what_fapi_looks_for_is_there(document):
    """fapi2-security-profile-final-discovery-end-point-verification"""
    wanted = {"PS256", "ES256", "EdDSA"}
    assert wanted & set(document["id_token_signing_alg_values_supported"])
    assert wanted & set(document["userinfo_signing_alg_values_supported"])
    assert wanted <= set(document["token_endpoint_auth_signing_alg_values_supported"])
    assert wanted <= set(document["dpop_signing_alg_values_supported"])
    assert "private_key_jwt" in document["token_endpoint_auth_methods_supported"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["pushed_authorization_request_endpoint"].startswith("https://")


def test_no_proof_and_nothing_unsigned_is_promised_with_a_weak_algorithm(document):
    assert not [name for name in document["dpop_signing_alg_values_supported"] if name.startswith(("RS", "HS", "none"))]
    for name, value in document.items():
        if name.endswith("_alg_values_supported"):
            assert {"none", "HS256"}.isdisjoint(value), name


def test_what_logout_plans_look_for_is_there(document):
    """oidcc-rp-initiated-logout-discovery-endpoint-verification, oidcc-backchannel-logout-discovery-…"""
    assert document["end_session_endpoint"].startswith("https://")
    assert document["backchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True
