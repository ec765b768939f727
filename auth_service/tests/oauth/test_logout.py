"""What a request to log out comes to, by what it says, who is signed in, and what proves that it is theirs."""

import base64
import hmac
from dataclasses import replace

import orjson
import pytest

from gapura.jose import generate_signing_key, sign
from gapura_auth.oauth.authorization import BrowserLogin
from gapura_auth.oauth.clients import Client, ClientPresentation, LogoutAddresses
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.id_token_hints import IdTokenHint, IdTokenHints
from gapura_auth.oauth.logout import (
    AlreadyOut,
    AskPerson,
    LogOut,
    LogoutRequest,
    LogoutSituation,
    RefuseLogout,
    decide_logout,
    read_logout_request,
)
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_target import LONGEST_STATE
from gapura_auth.oauth.vocabulary import ClientAuthentication

ISSUER = "https://id.example"
BYE = "https://app.example/bye"
CLIENT = Client(
    id="app",
    presentation=ClientPresentation("App"),
    authentication=ClientAuthentication.NONE,
    logout=LogoutAddresses(post_logout_redirect_uris=(BYE, "https://app.example/bye?from=us")),
)
HINT = IdTokenHint("ani", ("app",), "s1")
LOGIN = BrowserLogin("b1", "ani", LoginEvent(0.0))
AT_HOME = LogoutSituation(login=LOGIN, names=frozenset({"ani", "ani@example.org"}), hinted_login="b1")
NOBODY = LogoutSituation()


def decide(situation=AT_HOME, client=CLIENT, **request):
    return decide_logout(LogoutRequest(**request), client, situation)


def test_a_hint_about_this_very_login_needs_no_question():
    assert decide(hint=HINT) == LogOut(CLIENT, None, "s1")


def test_the_state_comes_back_beside_what_the_address_already_says():
    uri = "https://app.example/bye?from=us"
    decision = decide(hint=HINT, post_logout_redirect_uri=uri, state="a&b=c d")
    assert decision == LogOut(CLIENT, f"{uri}&state=a%26b%3Dc%20d", "s1")
    assert decide(hint=HINT, post_logout_redirect_uri=BYE) == LogOut(CLIENT, BYE, "s1")


@pytest.mark.parametrize(
    ("situation", "request_"),
    [
        (AT_HOME, {}),
        (AT_HOME, {"client_id": "app"}),
        (AT_HOME, {"client_id": "app", "state": "s"}),
        (replace(AT_HOME, login=replace(LOGIN, subject="budi")), {"hint": HINT}),
        (replace(AT_HOME, hinted_login="b2"), {"hint": HINT}),
        (replace(AT_HOME, hinted_login=None), {"hint": HINT}),
        (AT_HOME, {"hint": HINT, "logout_hint": "budi"}),
    ],
    ids=["nothing", "client", "state", "other person", "other browser", "session unknown", "logout_hint of another"],
)
def test_in_every_other_case_the_person_is_asked(situation, request_):
    assert isinstance(decide(situation, **request_), AskPerson)


@pytest.mark.parametrize("logout_hint", ["ani", "ani@example.org"])
def test_a_logout_hint_that_names_the_person_changes_nothing(logout_hint):
    assert isinstance(decide(hint=HINT, logout_hint=logout_hint), LogOut)


def test_after_the_question_the_browser_goes_to_the_address_of_the_client_that_was_named():
    assert decide(client_id="app", post_logout_redirect_uri=BYE) == AskPerson(CLIENT, BYE)


def test_where_nobody_is_signed_in_a_hint_ends_its_own_session_only():
    assert decide(NOBODY, hint=HINT, post_logout_redirect_uri=BYE) == LogOut(CLIENT, BYE, "s1")
    assert decide(NOBODY, hint=replace(HINT, session_id=None)) == LogOut(CLIENT, None, None)


def test_where_nobody_is_signed_in_and_nothing_proves_who_asks_nobody_is_sent_on_without_a_click():
    assert decide(NOBODY, client_id="app", post_logout_redirect_uri=BYE) == AlreadyOut(CLIENT, BYE)
    assert decide(NOBODY, client=None) == AlreadyOut(None, None)


@pytest.mark.parametrize("situation", [AT_HOME, NOBODY], ids=["signed in", "nobody"])
@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/",
        "https://app.example/bye/",
        "https://app.example/bye?x=1",
        "https://app.example/bye#f",
        "https://app.example/bye%2f",
        "https://app.example/./bye",
        "https://app.example/x/../bye",
        "https://APP.example/bye",
        "HTTPS://app.example/bye",
        "https://app.example:443/bye",
        "https://app.example./bye",
        "https://app.example@evil.example/bye",
        "https://evil.example/?https://app.example/bye",
        "https://app.example/by",
        "https://app.example/bye ",
        "http://app.example/bye",
        "//app.example/bye",
        "/bye",
        "javascript:alert(1)",
        "data:text/html,hello",
    ],
)
def test_an_address_that_is_not_registered_is_never_gone_to(uri, situation):
    decision = decide(situation, hint=HINT, client_id="app", post_logout_redirect_uri=uri)
    assert isinstance(decision, RefuseLogout)
    assert "not registered" in decision.error.description


@pytest.mark.parametrize(
    ("client", "request_", "words"),
    [
        (None, {"client_id": "nobody"}, "unknown"),
        (None, {"client_id": "nobody", "hint": HINT}, "unknown"),
        (CLIENT, {"client_id": "app", "hint": replace(HINT, audience=("other",))}, "another client"),
        (None, {"post_logout_redirect_uri": BYE}, "needs"),
        (None, {"hint": replace(HINT, audience=("a", "b")), "post_logout_redirect_uri": BYE}, "needs"),
        (CLIENT, {"client_id": "app", "state": "s" * (LONGEST_STATE + 1)}, "too long"),
    ],
    ids=["unknown client", "unknown with hint", "hint of another", "no client", "two audiences", "endless state"],
)
@pytest.mark.parametrize("situation", [AT_HOME, NOBODY], ids=["signed in", "nobody"])
def test_what_cannot_be_checked_is_shown_to_the_person_only(client, request_, words, situation):
    decision = decide(situation, client, **request_)
    assert isinstance(decision, RefuseLogout)
    assert words in decision.error.description


@pytest.mark.parametrize(
    ("request_", "sender"),
    [
        ({}, None),
        ({"client_id": "app"}, "app"),
        ({"hint": HINT}, "app"),
        ({"hint": HINT, "client_id": "other"}, "other"),
        ({"hint": replace(HINT, audience=())}, None),
    ],
)
def test_the_client_is_the_one_that_is_named_or_that_the_hint_was_issued_to(request_, sender):
    assert LogoutRequest(**request_).sender == sender


KEY, STRANGE_KEY = generate_signing_key("ES256"), generate_signing_key("ES256")
CLAIMS = {"iss": ISSUER, "sub": "ani", "aud": "app", "sid": "s1", "iat": 1, "exp": 2}


class Keys:
    def find(self, kid):
        return KEY.verification_key if kid == KEY.kid else None


def read(hint):
    return read_logout_request(Parameters.of([("id_token_hint", hint)]), IdTokenHints(ISSUER, Keys())).hint


def encoded(content):
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


def without_algorithm():
    return f"{encoded({'alg': 'none', 'typ': 'JWT', 'kid': KEY.kid})}.{encoded(CLAIMS)}."


def forged(header, sign_input):
    signing_input = f"{encoded({'typ': 'JWT', 'kid': KEY.kid, **header})}.{encoded(CLAIMS)}"
    signature = base64.urlsafe_b64encode(sign_input(signing_input.encode())).decode().rstrip("=")
    return f"{signing_input}.{signature}"


def by_a_stranger(signing_input):
    return STRANGE_KEY.algorithm.signature.sign(signing_input, STRANGE_KEY.material)


def under_the_public_key(signing_input):
    return hmac.digest(orjson.dumps(KEY.public_jwk()), signing_input, "sha256")


def with_another_person():
    header, _, signature = sign(CLAIMS, KEY, typ="JWT").split(".")
    return f"{header}.{encoded({**CLAIMS, 'sub': 'budi'})}.{signature}"


def test_a_hint_of_ours_is_read_although_it_has_expired_long_ago():
    assert read(sign(CLAIMS, KEY, typ="JWT")) == HINT


@pytest.mark.parametrize(
    "hint",
    [
        without_algorithm(),
        forged({"alg": "HS256"}, under_the_public_key),
        forged({"alg": "ES256", "jwk": STRANGE_KEY.public_jwk()}, by_a_stranger),
        forged({"alg": "ES256"}, by_a_stranger),
        with_another_person(),
        sign(CLAIMS, STRANGE_KEY, typ="JWT"),
        sign({**CLAIMS, "iss": "https://other.example"}, KEY, typ="JWT"),
        sign({**CLAIMS, "iss": ISSUER + "/"}, KEY, typ="JWT"),
        sign({**CLAIMS, "sub": 5}, KEY, typ="JWT"),
        sign(CLAIMS, KEY, typ="at+jwt"),
        sign(CLAIMS, KEY, typ="logout+jwt"),
        "not a token",
        "..",
        "é.é.é",
    ],
    ids=[
        "none",
        "public key as secret",
        "own key",
        "borrowed kid",
        "changed",
        "foreign key",
        "foreign issuer",
        "issuer with a slash",
        "subject is no text",
        "access token",
        "logout token",
        "text",
        "dots",
        "not ascii",
    ],
)
def test_a_hint_that_is_forged_foreign_or_another_kind_of_token_counts_for_nothing(hint):
    assert read(hint) is None


def test_a_hint_counts_for_nothing_where_tokens_are_signed_under_a_shared_secret():
    assert read_logout_request(Parameters.of([("id_token_hint", sign(CLAIMS, KEY, typ="JWT"))]), None).hint is None


def test_every_parameter_is_read():
    pairs = {
        "client_id": "app",
        "post_logout_redirect_uri": BYE,
        "state": "s",
        "logout_hint": "ani",
        "ui_locales": "en id",
        "unknown": "is ignored",
    }
    assert read_logout_request(Parameters.of(pairs.items()), None) == LogoutRequest(
        client_id="app", post_logout_redirect_uri=BYE, state="s", logout_hint="ani", ui_locales=("en", "id")
    )
