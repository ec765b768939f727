"""The decision: who is asked what, and when nobody is."""

from dataclasses import replace

import pytest

from gapura_auth.oauth.authorization import (
    AskAccount,
    AskConsent,
    AskSignIn,
    BrowserLogin,
    Permit,
    Progress,
    Refuse,
    SignInReason,
    Situation,
    decide,
)
from gapura_auth.oauth.authorization_request import AuthorizationRequest
from gapura_auth.oauth.clients import Client, ClientPresentation, ClientRules
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.requested_claims import RequestedClaims
from gapura_auth.oauth.response_target import ResponseTarget
from gapura_auth.oauth.vocabulary import ClientAuthentication, Prompt, ResponseMode

NOW = 10_000.0
WEB = "https://app.example.com/callback"
SCOPES = frozenset({"openid", "email"})
ANI = BrowserLogin("session", "ani", LoginEvent(NOW - 100, amr=("pwd",), acr="1"))
CLIENT = Client(id="c", presentation=ClientPresentation("C"), authentication=ClientAuthentication.NONE)
FIRST_PARTY = replace(CLIENT, rules=ClientRules(first_party=True))
REQUEST = AuthorizationRequest(
    client_id="c", target=ResponseTarget(WEB, ResponseMode.QUERY, None), scopes=("openid", "email")
)
#: somebody who is signed in and has agreed to everything before
SETTLED = Situation(now=NOW, login=ANI, offered=SCOPES, remembered=SCOPES)
NOBODY = replace(SETTLED, login=None, offered=frozenset(), remembered=None)
SIGNED_IN_FOR_THIS = replace(SETTLED, progress=Progress(signed_in="ani"))


def asking(*prompts, **more):
    return replace(REQUEST, prompts=frozenset(map(Prompt, prompts)), **more)


def refusal(decision):
    assert isinstance(decision, Refuse)
    return decision.error.code.value


def test_nothing_is_asked_where_nothing_is_missing():
    assert decide(REQUEST, CLIENT, SETTLED) == Permit(ANI, SCOPES)
    assert decide(asking("none"), CLIENT, SETTLED) == Permit(ANI, SCOPES)


def test_somebody_has_to_be_signed_in():
    assert decide(REQUEST, CLIENT, NOBODY) == AskSignIn(SignInReason.NOBODY)


@pytest.mark.parametrize(
    ("request_", "situation", "code"),
    [
        (asking("none"), NOBODY, "login_required"),
        (asking("none", max_age=10), SETTLED, "login_required"),
        (asking("none"), replace(SETTLED, hinted="budi"), "login_required"),
        (asking("none"), replace(SETTLED, hinted=""), "login_required"),
        (asking("none"), replace(SETTLED, remembered=None), "consent_required"),
        (asking("none"), replace(SETTLED, remembered=frozenset({"openid"})), "consent_required"),
        (asking("none", acr_values=("2",)), replace(SETTLED, attainable=("1", "2")), "interaction_required"),
    ],
)
def test_with_prompt_none_a_question_becomes_an_error(request_, situation, code):
    assert refusal(decide(request_, CLIENT, situation)) == code


@pytest.mark.parametrize(
    "request_", [asking("login"), asking(max_age=0), asking(max_age=99), asking("login", "consent")]
)
def test_signing_in_again_is_asked_for_exactly_once(request_):
    assert decide(request_, CLIENT, SETTLED) == AskSignIn(SignInReason.AGAIN)
    assert not isinstance(decide(request_, CLIENT, SIGNED_IN_FOR_THIS), AskSignIn)


def test_a_login_that_is_young_enough_will_do():
    assert decide(asking(max_age=100), CLIENT, SETTLED) == Permit(ANI, SCOPES)


def test_another_person_does_not_inherit_what_was_done_for_a_request():
    budi = replace(SETTLED, login=replace(ANI, subject="budi"), progress=Progress("ani", "ani", "ani"))
    assert decide(asking("login"), CLIENT, budi) == AskSignIn(SignInReason.AGAIN)
    assert decide(asking("select_account"), CLIENT, budi) == AskAccount()
    assert isinstance(decide(asking("consent"), CLIENT, budi), AskConsent)


@pytest.mark.parametrize(
    ("request_", "situation"),
    [
        (REQUEST, replace(SETTLED, hinted="budi")),
        (replace(REQUEST, claims=RequestedClaims(id_token={"sub": {"value": "budi"}})), SETTLED),
        (replace(REQUEST, claims=RequestedClaims(id_token={"sub": {"values": ["budi", "citra"]}})), SETTLED),
    ],
)
def test_somebody_else_than_was_asked_for_can_change_the_account_once(request_, situation):
    assert decide(request_, CLIENT, situation) == AskSignIn(SignInReason.OTHER_ACCOUNT)
    again = replace(situation, progress=Progress(signed_in="ani"))
    assert refusal(decide(request_, CLIENT, again)) == "login_required"


def test_the_person_who_was_asked_for_goes_on():
    assert decide(REQUEST, CLIENT, replace(SETTLED, hinted="ani")) == Permit(ANI, SCOPES)


def test_an_account_is_chosen_once_and_signing_in_is_a_choice():
    request = asking("select_account")
    assert decide(request, CLIENT, SETTLED) == AskAccount()
    assert decide(request, CLIENT, NOBODY) == AskSignIn(SignInReason.NOBODY)
    for progress in (Progress(chosen="ani"), Progress(signed_in="ani")):
        assert decide(request, CLIENT, replace(SETTLED, progress=progress)) == Permit(ANI, SCOPES)


@pytest.mark.parametrize(
    ("request_", "attainable", "expected"),
    [
        (asking(acr_values=("1",)), ("1",), Permit(ANI, SCOPES)),
        (asking(acr_values=("2", "1")), ("1", "2"), Permit(ANI, SCOPES)),
        # wished for only: whoever cannot do better goes on
        (asking(acr_values=("2",)), ("1",), Permit(ANI, SCOPES)),
        (asking(acr_values=("urn:unknown",)), ("1", "2"), Permit(ANI, SCOPES)),
        (asking(acr_values=("2",)), ("1", "2"), AskSignIn(SignInReason.STRONGER)),
        (
            asking(claims=RequestedClaims(id_token={"acr": {"essential": True, "value": "2"}})),
            ("1", "2"),
            AskSignIn(SignInReason.STRONGER),
        ),
        (asking(claims=RequestedClaims(id_token={"acr": {"essential": True}})), ("1",), Permit(ANI, SCOPES)),
    ],
)
def test_a_stronger_login_is_asked_for_where_there_is_one(request_, attainable, expected):
    assert decide(request_, CLIENT, replace(SETTLED, attainable=attainable)) == expected


@pytest.mark.parametrize("attainable", [("1",), ("1", "2")])
def test_a_login_that_is_demanded_and_cannot_be_had_is_said_so(attainable):
    demanded = asking(claims=RequestedClaims(id_token={"acr": {"essential": True, "values": ["2"]}}))
    situation = replace(SIGNED_IN_FOR_THIS, attainable=attainable)
    assert refusal(decide(demanded, CLIENT, situation)) == "unmet_authentication_requirements"


def test_a_stronger_login_than_was_asked_for_will_do():
    strong = replace(SETTLED, login=replace(ANI, event=LoginEvent(NOW - 1, acr="2")))
    demanded = asking(claims=RequestedClaims(id_token={"acr": {"essential": True, "value": "1"}}))
    assert isinstance(decide(demanded, CLIENT, strong), Permit)


def test_a_login_of_no_known_class_satisfies_nothing():
    unknown = replace(SIGNED_IN_FOR_THIS, login=replace(ANI, event=LoginEvent(NOW, acr=None)))
    demanded = asking(claims=RequestedClaims(id_token={"acr": {"essential": True, "value": "1"}}))
    assert refusal(decide(demanded, CLIENT, unknown)) == "unmet_authentication_requirements"


@pytest.mark.parametrize(
    ("remembered", "new"),
    [(None, SCOPES), (frozenset(), SCOPES), (frozenset({"openid"}), {"email"}), (frozenset({"profile"}), SCOPES)],
)
def test_consent_is_asked_for_what_was_not_given_before(remembered, new):
    assert decide(REQUEST, CLIENT, replace(SETTLED, remembered=remembered)) == AskConsent(SCOPES, frozenset(new))


def test_somebody_who_has_just_agreed_is_not_asked_again():
    agreed = replace(SETTLED, remembered=None, progress=Progress(consented="ani"))
    assert decide(REQUEST, CLIENT, agreed) == Permit(ANI, SCOPES)
    assert decide(asking("consent"), CLIENT, agreed) == Permit(ANI, SCOPES)


def test_our_own_clients_do_not_ask_unless_they_want_to():
    fresh = replace(SETTLED, remembered=None)
    assert decide(REQUEST, FIRST_PARTY, fresh) == Permit(ANI, SCOPES)
    assert decide(asking("consent"), FIRST_PARTY, SETTLED) == AskConsent(SCOPES, frozenset())


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000/cb", "com.example.app:/cb", "http://[::1]/"])
def test_consent_to_what_any_application_could_receive_is_asked_for_every_time(address):
    request = replace(REQUEST, target=ResponseTarget(address, ResponseMode.QUERY, None))
    assert decide(request, CLIENT, SETTLED) == AskConsent(SCOPES, frozenset())
    confidential = replace(CLIENT, authentication=ClientAuthentication.SECRET_BASIC)
    assert decide(request, confidential, SETTLED) == Permit(ANI, SCOPES)


def test_only_what_the_person_can_give_is_given():
    request = replace(REQUEST, scopes=("openid", "users:write"))
    assert decide(request, FIRST_PARTY, replace(SETTLED, offered=frozenset({"openid"}))) == Permit(
        ANI, frozenset({"openid"})
    )
    nothing = replace(SETTLED, offered=frozenset())
    assert refusal(decide(request, FIRST_PARTY, nothing)) == "access_denied"
    assert isinstance(decide(replace(REQUEST, scopes=()), FIRST_PARTY, nothing), Permit)
