"""Logout tokens, the request that brings one, and when to try again."""

from urllib.parse import parse_qs

import pytest

from gapura_auth.oauth.clients import Client, ClientPresentation, LogoutAddresses
from gapura_auth.oauth.frontchannel_logout import MOST_FRAMES, EndedAtClient, frames_of
from gapura_auth.oauth.logout_tokens import LIFETIME, LOGOUT_EVENT, LogoutTokenIssuer, RetryPolicy, logout_request
from gapura_auth.oauth.vocabulary import ClientAuthentication

ISSUER = "https://id.example"
HOUR = 3600.0


class Signer:
    def sign_with(self, algorithm, claims, *, typ):
        self.signed = (algorithm, claims, typ)
        return "header.payload.signature"


def test_a_logout_token_says_what_the_specification_asks_for_and_has_no_nonce():
    signer = Signer()
    issuer = LogoutTokenIssuer(ISSUER, signer, lambda: 1000.9, lambda: "unique")
    assert (
        issuer.issue(subject="ani", client_id="app", session_id="s1", algorithm="ES256") == "header.payload.signature"
    )
    assert signer.signed == (
        "ES256",
        {
            "iss": ISSUER,
            "sub": "ani",
            "aud": "app",
            "iat": 1000,
            "exp": 1000 + LIFETIME,
            "jti": "unique",
            "sid": "s1",
            "events": {LOGOUT_EVENT: {}},
        },
        "logout+jwt",
    )


def test_the_token_travels_as_a_form():
    request = logout_request("https://app.example/logout", "a.b.c")
    assert (request.method, request.url) == ("POST", "https://app.example/logout")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body) == {b"logout_token": [b"a.b.c"]}


@pytest.mark.parametrize(
    ("attempts", "jitter", "wait"),
    [
        (1, 0.0, 2.0),
        (1, 1.0, 1.0),
        (2, 0.0, 4.0),
        (3, 0.5, 6.0),
        (9, 0.0, 512.0),
        (10, 0.0, 900.0),
        (10_000, 0.0, 900.0),
    ],
)
def test_the_wait_doubles_up_to_a_limit_and_jitter_takes_off_up_to_half(attempts, jitter, wait):
    assert RetryPolicy().next_attempt(attempts, 0.0, 100.0, jitter) == 100.0 + wait


def test_after_hours_it_is_given_up():
    policy = RetryPolicy()
    assert policy.next_attempt(1, 0.0, 6 * HOUR - 2, 0.0) == 6 * HOUR
    assert policy.next_attempt(1, 0.0, 6 * HOUR - 1, 0.0) is None


def ended(uri, session_id="s1"):
    client = Client(
        id="app",
        presentation=ClientPresentation("App"),
        authentication=ClientAuthentication.NONE,
        logout=LogoutAddresses(frontchannel_uri=uri),
    )
    return EndedAtClient(client, session_id)


@pytest.mark.parametrize(
    ("uri", "frame"),
    [
        ("https://app.example/out", "https://app.example/out?iss=https%3A%2F%2Fid.example&sid=s1"),
        ("https://app.example/out?a=b", "https://app.example/out?a=b&iss=https%3A%2F%2Fid.example&sid=s1"),
    ],
)
def test_a_frame_names_the_issuer_and_the_session(uri, frame):
    assert frames_of(ISSUER, [ended(uri)]) == (frame,)


@pytest.mark.parametrize("uri", [None, "http://[::1]:8080/out"])
def test_clients_without_an_address_that_a_policy_can_name_get_no_frame(uri):
    assert frames_of(ISSUER, [ended(uri)]) == ()


def test_there_is_an_end_to_frames_and_none_twice():
    many = [ended("https://app.example/out", f"s{n // 2}") for n in range(200)]
    assert len(set(frames_of(ISSUER, many))) == len(frames_of(ISSUER, many)) == MOST_FRAMES
