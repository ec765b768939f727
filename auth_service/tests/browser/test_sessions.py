"""Logins in browsers and the last step of an authorization, where something changes at the last moment."""

import uuid
from dataclasses import replace

import pytest

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import BadCredentials
from gapura_auth.browser.completion import Completion
from gapura_auth.browser.sessions import BrowserSessionPolicy, BrowserSessions
from gapura_auth.browser.steps import CannotContinue
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization import Permit
from gapura_auth.oauth.authorization_request import AuthorizationRequest
from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.incoming_requests import IncomingRequest
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_target import ResponseTarget
from gapura_auth.oauth.stored_requests import WaitingRequest
from gapura_auth.oauth.vocabulary import ClientAuthentication, ResponseMode
from gapura_auth.store.accounts import change_password, find_account, insert_account, set_disabled

WEB = "https://app.example.com/callback"
INCOMING = IncomingRequest(
    AuthorizationRequest(client_id="c", target=ResponseTarget(WEB, ResponseMode.QUERY, None), scopes=("openid",)),
    Client(id="c", presentation=ClientPresentation("C"), authentication=ClientAuthentication.NONE),
    WaitingRequest(parameters=Parameters({})),
)


@pytest.fixture
def sessions(database, clock):
    return BrowserSessions(database, BrowserSessionPolicy(1000, 100), clock, lambda: str(uuid.uuid4()))


@pytest.fixture
def ani(database, clock):
    account = Account(
        id="ani",
        username="ani",
        username_canonical="ani",
        username_skeleton="ani",
        email=None,
        email_canonical=None,
        password_hash="x",
        password_changed_at=clock() - 10,
        registered_from="",
        created_at=clock() - 10,
    )
    with database.write() as connection:
        insert_account(connection, account)
    return account


def sign_in(sessions, account):
    return sessions.open(account, LoginEvent(sessions.clock(), amr=("pwd",), acr="1"), None, "198.51.100.7")


def test_somebody_who_has_just_proved_themselves_is_found_by_the_cookie(sessions, ani):
    signed_in = sessions.find(sign_in(sessions, ani))
    assert signed_in.account == ani
    assert signed_in.login.subject == "ani"
    assert signed_in.login.event == LoginEvent(sessions.clock(), amr=("pwd",), acr="1")


def test_nobody_is_found_by_anything_else(sessions):
    for cookie in (None, "", "x", "gpr_bs_" + "A" * 49):
        assert sessions.find(cookie) is None


@pytest.mark.parametrize("change", ["disabled", "new password", "gone"])
def test_a_proof_that_is_outdated_by_the_time_it_is_used_signs_nobody_in(database, sessions, ani, change):
    with database.write() as connection:
        if change == "disabled":
            set_disabled(connection, "ani", sessions.clock())
        elif change == "new password":
            change_password(connection, "ani", "y", sessions.clock())
        else:
            ani = replace(ani, id="nobody")
    with pytest.raises(BadCredentials):
        sign_in(sessions, ani)


def test_somebody_who_signs_out_is_not_found_any_more(sessions, ani):
    cookie = sign_in(sessions, ani)
    signed_in = sessions.find(cookie)
    sessions.end(signed_in, "198.51.100.7")
    assert sessions.find(cookie) is None
    assert not sessions.end(signed_in, "198.51.100.7")


@pytest.mark.parametrize("change", ["disabled", "signed out"])
def test_no_code_is_issued_for_somebody_who_is_gone_at_the_last_moment(database, sessions, ani, change):
    cookie = sign_in(sessions, ani)
    signed_in = sessions.find(cookie)
    completion = Completion(database, 900, sessions.clock, sessions.new_id)
    visitor, permit = Visitor("b", signed_in, "", ""), Permit(signed_in.login, frozenset({"openid"}))
    assert completion.permit(INCOMING, permit, visitor, None).startswith("gpr_ac_")
    if change == "disabled":
        with database.write() as connection:
            set_disabled(connection, "ani", sessions.clock())
            assert not find_account(connection, "ani").is_enabled
    else:
        sessions.end(signed_in, "")
    with pytest.raises(CannotContinue):
        completion.permit(INCOMING, permit, visitor, None)


def test_a_refusal_of_a_request_that_never_waited_writes_nothing(database, sessions):
    Completion(database, 900, sessions.clock, sessions.new_id).refuse(INCOMING, None)
    with pytest.raises(CannotContinue):
        Completion(database, 900, sessions.clock, sessions.new_id).refuse(INCOMING, b"unknown")
