"""What travels back, and how: the same members in every mode, and nothing of the redirect URI changed."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.response_modes import FormPost, Redirect, ResponseEncoder
from gapura_auth.oauth.response_target import ResponseTarget
from gapura_auth.oauth.vocabulary import ErrorCode, ResponseMode

ISSUER = "https://login.example.com"
ENCODER = ResponseEncoder(ISSUER)
DENIED = OAuthError(ErrorCode.ACCESS_DENIED, "The person has declined.")
NASTY = "a b+c&d=e\r\nLocation: x\"'><script>ü\U0001f600%41#f"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://a.example/cb", "https://a.example/cb?code=c&iss=https%3A%2F%2Flogin.example.com"),
        ("https://a.example/cb?x=1", "https://a.example/cb?x=1&code=c&iss=https%3A%2F%2Flogin.example.com"),
        ("https://a.example/cb?", "https://a.example/cb?code=c&iss=https%3A%2F%2Flogin.example.com"),
        ("https://a.example/cb?x=1&", "https://a.example/cb?x=1&code=c&iss=https%3A%2F%2Flogin.example.com"),
        ("https://a.example/cb?x=%2F+y", "https://a.example/cb?x=%2F+y&code=c&iss=https%3A%2F%2Flogin.example.com"),
        ("com.example.app:/cb", "com.example.app:/cb?code=c&iss=https%3A%2F%2Flogin.example.com"),
    ],
)
def test_the_members_are_appended_to_the_query_that_is_there(uri, expected):
    assert ENCODER.success(ResponseTarget(uri, ResponseMode.QUERY, None), "c") == Redirect(expected)


@pytest.mark.parametrize("mode", list(ResponseMode))
@pytest.mark.parametrize("outcome", ["success", "refusal"])
def test_every_response_says_who_sends_it_and_brings_the_state_back(mode, outcome):
    target = ResponseTarget("https://a.example/cb", mode, NASTY)
    response = ENCODER.success(target, "c") if outcome == "success" else ENCODER.refusal(target, DENIED)
    if isinstance(response, FormPost):
        members = dict(response.fields)
        assert response.action == target.redirect_uri
    else:
        assert response.location.isascii()
        assert response.location.isprintable()
        assert " " not in response.location
        members = dict(parse_qsl(urlsplit(response.location).query, strict_parsing=True))
        assert urlsplit(response.location).fragment == ""
    rest = {"code": "c"}
    if outcome == "refusal":
        rest = {"error": "access_denied", "error_description": "The person has declined."}
    assert members == {"iss": ISSUER, "state": NASTY, **rest}


def test_without_a_state_none_is_sent():
    response = ENCODER.refusal(ResponseTarget("https://a.example/cb", ResponseMode.FORM_POST, None), DENIED)
    assert isinstance(response, FormPost)
    assert "state" not in response.fields
