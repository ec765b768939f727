"""The plans RP-Initiated Logout and Back-Channel Logout: `oidcc-rp-initiated-logout…`, `oidcc-backchannel-rp-…`."""

from urllib.parse import urlencode

import pytest
from certification_suite import AFTER_LOGOUT, DROP, HOME, ISSUER, claims_of, header_of
from pages_in_a_browser import Page

from gapura.jose import encode_base64url
from gapura_auth.factory import new_id
from gapura_auth.keys.key_ring import KeyRing
from gapura_auth.keys.master_key import master_key_from
from gapura_auth.oauth.logout_tokens import LogoutTokenIssuer

NONE = b'{"alg":"none"}'
BACKCHANNEL = f"{HOME}/backchannel_logout"


@pytest.fixture
def client(plain_suite):
    return plain_suite.add(backchannel_logout_uri=BACKCHANNEL, backchannel_logout_session_required=True)


def log_out(suite, **parameters):
    given = {"post_logout_redirect_uri": AFTER_LOGOUT, "state": "a state", **parameters}
    query = urlencode({name: value for name, value in given.items() if value is not DROP})
    return suite.browser.get(f"/oauth/logout?{query}")


def is_out(suite, client):
    return suite.authorize(client, prompt="none").members.get("error") == "login_required"


def test_a_good_hint_logs_out_at_once_and_sends_back_with_the_state(plain_suite, client):
    """oidcc-rp-initiated-logout"""
    hint = plain_suite.tokens(client)["id_token"]
    answer = log_out(plain_suite, id_token_hint=hint)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{AFTER_LOGOUT}?state=a%20state")
    assert is_out(plain_suite, client)


def test_without_a_state_none_is_made_up(plain_suite, client):
    """oidcc-rp-initiated-logout-no-state"""
    hint = plain_suite.tokens(client)["id_token"]
    assert log_out(plain_suite, id_token_hint=hint, state=DROP).headers["Location"] == AFTER_LOGOUT


@pytest.mark.parametrize("uri", [f"{HOME}/invalid_post_logout_redirect", f"{AFTER_LOGOUT}?foo=bar"])
def test_an_unregistered_address_ends_on_a_page(plain_suite, client, uri):
    """oidcc-rp-initiated-logout-bad-post-logout-redirect-uri, …-query-added-to-post-logout-redirect-uri"""
    hint = plain_suite.tokens(client)["id_token"]
    plain_suite.error_page(log_out(plain_suite, id_token_hint=hint, post_logout_redirect_uri=uri))


def unsigned(token):
    _, payload, _ = token.split(".")
    return f"{encode_base64url(NONE)}.{payload}."


@pytest.mark.parametrize(
    "spoil", [unsigned, lambda _: "invalid", lambda token: token[:-8] + "AAAAAAAA", lambda _: DROP]
)
def test_a_modified_a_bad_or_no_hint_never_sends_anybody_back(plain_suite, client, spoil):
    """oidcc-rp-initiated-logout-modified-id-token-hint, …-bad-id-token-hint, …-no-id-token-hint"""
    hint = plain_suite.tokens(client)["id_token"]
    plain_suite.error_page(log_out(plain_suite, id_token_hint=spoil(hint)))
    assert not is_out(plain_suite, client)


@pytest.mark.parametrize("state", [DROP, "a state"])
def test_without_an_address_the_person_is_asked_and_stays_here(plain_suite, client, state):
    """oidcc-rp-initiated-logout-no-params, oidcc-rp-initiated-logout-only-state"""
    plain_suite.tokens(client)
    page = Page.of(log_out(plain_suite, post_logout_redirect_uri=DROP, state=state))
    assert "sign_out" in page.actions
    assert not is_out(plain_suite, client)
    done = plain_suite.browser.send(page, "sign_out")
    assert (done.status_code, "Location" in done.headers) == (200, False)
    assert is_out(plain_suite, client)


def test_a_hint_without_an_address_logs_out_and_says_so(plain_suite, client):
    """oidcc-rp-initiated-logout-no-post-logout-redirect-uri"""
    hint = plain_suite.tokens(client)["id_token"]
    answer = log_out(plain_suite, id_token_hint=hint, post_logout_redirect_uri=DROP)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert is_out(plain_suite, client)


def test_a_logout_is_told_to_the_client_with_the_sid_of_its_id_token(plain_suite, client):
    """oidcc-backchannel-rp-initiated-logout"""
    service = plain_suite.service
    hint = plain_suite.tokens(client)["id_token"]
    log_out(plain_suite, id_token_hint=hint)
    (told,) = service.rows("SELECT client_id, address, account_id, session_id FROM logout_outbox")
    identified = claims_of(hint)
    assert tuple(told) == (client.id, BACKCHANNEL, identified["sub"], identified["sid"])
    assert is_out(plain_suite, client)


def test_a_logout_token_has_everything_it_must_and_no_nonce(provider):
    keys = KeyRing(provider.database, master_key_from(provider.settings), "ES256", provider.clock)
    issuer = LogoutTokenIssuer(ISSUER, keys, provider.clock, new_id)
    text = issuer.issue(subject="ani", client_id="client", session_id="s", algorithm="RS256")
    claims, header = claims_of(text), header_of(text)
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti", "sid", "events"}
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == (ISSUER, "client", 120)
    assert (header["typ"], header["alg"]) == ("logout+jwt", "RS256")
