"""Registration documents: what they may say, what it means, and that nothing is lost on the way there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura.jose import generate_signing_key
from gapura_auth.oauth.client_documents import client_of, document_of
from gapura_auth.oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from gapura_auth.oauth.vocabulary import ClientAuthentication, ErrorCode, GrantType

CALLBACK = "https://app.example.com/callback"
KEY = generate_signing_key("ES256").public_jwk()
JWKS = {"keys": [KEY]}


def client(**members):
    return client_of("c", {"redirect_uris": [CALLBACK]} | members)


def test_what_a_document_does_not_say_is_decided_on_the_safe_side():
    made = client()
    assert made.authentication is ClientAuthentication.SECRET_BASIC
    assert made.grant_types == {GrantType.AUTHORIZATION_CODE}
    assert made.scopes == frozenset()
    assert made.rules.pkce_required
    assert not made.rules.first_party
    assert made.algorithms.id_token == "RS256"
    assert made.presentation.name == "c"


EVERYTHING = {
    "client_name": "Warung",
    "client_uri": "https://app.example.com",
    "logo_uri": "https://app.example.com/logo.png",
    "policy_uri": "https://app.example.com/policy",
    "tos_uri": "https://app.example.com/tos",
    "redirect_uris": [CALLBACK, "http://127.0.0.1/callback", "com.example.app:/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "scope": "email openid",
    "token_endpoint_auth_method": "private_key_jwt",
    "token_endpoint_auth_signing_alg": "ES256",
    "jwks": JWKS,
    "id_token_signed_response_alg": "ES256",
    "userinfo_signed_response_alg": "RS256",
    "introspection_signed_response_alg": "RS256",
    "request_object_signing_alg": "PS256",
    "require_pushed_authorization_requests": True,
    "require_signed_request_object": True,
    "dpop_bound_access_tokens": True,
    "tls_client_certificate_bound_access_tokens": False,
    "default_max_age": 300,
    "default_acr_values": ["b", "a"],
    "require_auth_time": True,
    "post_logout_redirect_uris": ["https://app.example.com/bye"],
    "backchannel_logout_uri": "https://app.example.com/logout",
    "backchannel_logout_session_required": True,
    "frontchannel_logout_uri": "https://app.example.com/frontlogout",
    "frontchannel_logout_session_required": True,
    "first_party": True,
    "require_pkce": False,
    "assertion_audience": "issuer",
    "resources": ["https://api.example.com"],
}


def test_a_document_that_says_everything_comes_back_as_it_was():
    assert document_of(client_of("c", EVERYTHING)) == EVERYTHING


BY_CERTIFICATE = {"token_endpoint_auth_method": "tls_client_auth"}
VARIANTS = {
    "public": {"token_endpoint_auth_method": "none"},
    "machine": {"redirect_uris": [], "grant_types": ["client_credentials"], "response_types": []},
    "keys elsewhere": {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example.com/keys"},
    "certificate by subject": BY_CERTIFICATE | {"tls_client_auth_subject_dn": "CN=app,O=Example,C=ID"},
    "certificate by name": BY_CERTIFICATE | {"tls_client_auth_san_dns": "app.example.com"},
    "certificate by URI": BY_CERTIFICATE | {"tls_client_auth_san_uri": "urn:app"},
    "certificate by address": BY_CERTIFICATE | {"tls_client_auth_san_ip": "2001:db8::1"},
    "certificate by mail": BY_CERTIFICATE | {"tls_client_auth_san_email": "app@example.com"},
    "self-signed": {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": JWKS},
    "unknown members": {"client_name#id": "Warung", "contacts": ["a@example.com"], "sector_identifier_uri": 1},
    "implied": {"application_type": "native", "subject_type": "public"},
}


@pytest.mark.parametrize("members", VARIANTS.values(), ids=VARIANTS)
def test_a_client_survives_the_way_to_its_document_and_back(members):
    made = client(**members)
    assert client_of("c", document_of(made)) == made


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "app.example.com/callback",
        "/callback",
        "http://app.example.com/callback",
        "http://127.0.0.1.example.com/callback",
        "http://127.0.0.1@example.com/callback",
        "http://localhost.example.com/callback",
        "https://app.example.com/callback#fragment",
        "https://user@app.example.com/callback",
        "https://user:secret@app.example.com/callback",
        "https://app.example.com\\@example.org/callback",
        "https:///callback",
        "https:/callback",
        "https://app.example.com:99999/callback",
        "https://app.example.com:x/callback",
        "https://*.example.com/callback",
        "https://app.example.com/*",
        "https://app.example.com/a/../callback",
        "https://app.example.com/./callback",
        "https://app.example.com/a/%2e%2E/callback",
        "https://app.example.com/call back",
        "https://app.example.com/callback\r\nX: y",
        "https://\u0430pp.example.com/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "app:/callback",
        "urn:ietf:wg:oauth:2.0:oob",
        "https://app.example.com/" + "a" * 2048,
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_not_registered(uri):
    for member in ("redirect_uris", "post_logout_redirect_uris"):
        with pytest.raises((InvalidRedirectUri, InvalidClientMetadata)) as refusal:
            client(**{member: [CALLBACK, uri]})
        expected = ErrorCode.INVALID_REDIRECT_URI if member == "redirect_uris" else ErrorCode.INVALID_CLIENT_METADATA
        assert refusal.value.code is expected


@pytest.mark.parametrize("redirect_uris", [[], None, "https://app.example.com", [1], [CALLBACK] * 51])
def test_redirect_uris_are_a_list_of_some(redirect_uris):
    with pytest.raises(InvalidRedirectUri):
        client(redirect_uris=redirect_uris)


SYMMETRIC = {"keys": [{"kty": "oct", "k": "A" * 43}]}
CONTRADICTIONS = {
    "no grants": {"grant_types": []},
    "unknown grant": {"grant_types": ["password"]},
    "implicit": {"response_types": ["token"]},
    "code without its grant": {"grant_types": ["client_credentials"], "response_types": ["code"]},
    "grant without code": {"response_types": []},
    "public machine": {"token_endpoint_auth_method": "none", "grant_types": ["client_credentials"]},
    "public exchange": {
        "token_endpoint_auth_method": "none",
        "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"],
    },
    "unknown method": {"token_endpoint_auth_method": "client_secret_jwt"},
    "keys missing": {"token_endpoint_auth_method": "private_key_jwt"},
    "keys twice": {"jwks": JWKS, "jwks_uri": "https://app.example.com/keys"},
    "keys empty": {"jwks": {"keys": []}},
    "keys no list": {"jwks": {"keys": "x"}},
    "private key": {"jwks": {"keys": [generate_signing_key("ES256").private_jwk()]}},
    "symmetric key": {"jwks": SYMMETRIC},
    "signed requests without keys": {"require_signed_request_object": True},
    "keys at no address": {"jwks_uri": "ftp://app.example.com/keys"},
    "HMAC": {"token_endpoint_auth_signing_alg": "HS256"},
    "none": {"request_object_signing_alg": "none"},
    "unsigned ID token": {"id_token_signed_response_alg": "none"},
    "pairwise": {"subject_type": "pairwise"},
    "no certificate name": BY_CERTIFICATE,
    "two certificate names": BY_CERTIFICATE | {"tls_client_auth_san_dns": "a.b", "tls_client_auth_san_uri": "urn:a"},
    "name without method": {"tls_client_auth_san_dns": "a.b"},
    "bad subject": BY_CERTIFICATE | {"tls_client_auth_subject_dn": "nonsense"},
    "bad address": BY_CERTIFICATE | {"tls_client_auth_san_ip": "nonsense"},
    "public without PKCE": {"token_endpoint_auth_method": "none", "require_pkce": False},
    "two bindings": {"dpop_bound_access_tokens": True, "tls_client_certificate_bound_access_tokens": True},
    "backchannel": {"backchannel_logout_session_required": True},
    "frontchannel": {"frontchannel_logout_session_required": True},
    "script": {"client_uri": "javascript:alert(1)"},
    "logo with user": {"logo_uri": "https://a@b.example/"},
    "name with direction": {"client_name": "Bank\u202e"},
    "name with line": {"client_name": "Bank\nYou may trust it"},
    "empty name": {"client_name": "  "},
    "long name": {"client_name": "x" * 256},
    "boolean as text": {"require_pkce": "false"},
    "number as text": {"default_max_age": "300"},
    "negative age": {"default_max_age": -1},
    "scope as list": {"scope": ["openid"]},
    "scope with quote": {"scope": 'openid "x"'},
    "scope of many words": {"scope": " ".join(f"s{number}" for number in range(100_000))},
    "too many acr values": {"default_acr_values": ["a"] * 51},
}


@pytest.mark.parametrize("members", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_document_that_contradicts_itself_is_refused(members):
    with pytest.raises(InvalidClientMetadata) as refusal:
        client(**members)
    assert refusal.value.description.isascii()
    assert len(refusal.value.description) < 400


@given(
    st.dictionaries(
        st.sampled_from([*EVERYTHING, "unknown"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    )
)
def test_no_document_does_anything_but_be_refused_or_make_a_client(document):
    try:
        made = client_of("c", document)
    except (InvalidClientMetadata, InvalidRedirectUri):
        return
    assert client_of("c", document_of(made)) == made
