"""Requests that wait, codes, consents and logins in browsers, on each database."""

from dataclasses import replace

import pytest

from gapura_auth.accounts.account import Account
from gapura_auth.browser.session import BrowserSession
from gapura_auth.credentials import new_token
from gapura_auth.oauth.authorization import Progress
from gapura_auth.oauth.authorization_codes import AlreadyUsed, AuthorizedSession, StoredCode
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.stored_requests import RequestKind, StoredRequest, WaitingRequest
from gapura_auth.store.accounts import change_password, insert_account, set_disabled
from gapura_auth.store.authorization_codes import SqlAuthorizationCodes
from gapura_auth.store.authorization_requests import SqlAuthorizationRequests, consume_request
from gapura_auth.store.browser_sessions import (
    find_browser_session,
    insert_browser_session,
    is_live_browser_session,
    renew_browser_session,
    revoke_browser_session,
    revoke_browser_sessions_of,
    touch_browser_session,
)
from gapura_auth.store.consents import consents_of, remember_consent, remembered_scopes, withdraw_consent
from gapura_auth.store.expiry import DAY, delete_expired
from gapura_auth.store.sessions import find_session, revoke_session

NOW = 1_000.0
WAITING = WaitingRequest(parameters=Parameters.of([("client_id", "c"), ("state", "s")]), browser=b"b")
SESSION = AuthorizedSession(
    id="s",
    account_id="ani",
    client_id="c",
    browser_session_id="b",
    granted=GrantedAuthorization(scopes=frozenset({"openid"}), login=LoginEvent(NOW - 5, amr=("pwd",), acr="1")),
    address="198.51.100.7",
    user_agent="test",
    expires_at=NOW + 900,
)
LOGIN = BrowserSession(
    id="b",
    account_id="ani",
    authenticated_at=NOW,
    amr=("pwd", "otp"),
    acr="2",
    last_seen_at=NOW,
    expires_at=NOW + 500,
)


def digest():
    return new_token("gpr_x").digest


def stored(kind=RequestKind.INTERACTION, expires_at=NOW + 60):
    return StoredRequest(digest=digest(), kind=kind, client_id="c", request=WAITING, expires_at=expires_at)


@pytest.fixture
def people(database):
    for name in ("ani", "budi"):
        account = Account(
            id=name,
            username=name,
            username_canonical=name,
            username_skeleton=name,
            email=None,
            email_canonical=None,
            password_hash="x",
            password_changed_at=NOW - 10,
            registered_from="",
            created_at=NOW - 10,
        )
        with database.write() as connection:
            insert_account(connection, account)
    return database


@pytest.fixture
def requests(database):
    return SqlAuthorizationRequests(database)


def consume(database, digest, now=NOW):
    with database.write() as connection:
        return consume_request(connection, digest, now)


def test_a_request_waits_until_it_expires(requests):
    row = stored()
    requests.add(row)
    assert requests.find(RequestKind.INTERACTION, row.digest, NOW + 59) == row
    assert requests.find(RequestKind.INTERACTION, row.digest, NOW + 60) is None
    assert requests.find(RequestKind.PUSHED, row.digest, NOW) is None
    assert requests.find(RequestKind.INTERACTION, digest(), NOW) is None


def test_a_request_is_answered_once_even_after_its_expiry(database, requests):
    row = stored()
    requests.add(row)
    assert consume(database, row.digest, NOW + 100)
    assert not consume(database, row.digest)
    assert not consume(database, digest())
    assert requests.find(RequestKind.INTERACTION, row.digest, NOW) is None
    assert not requests.replace(row.digest, WAITING, NOW)


def test_of_many_answers_at_the_same_moment_one_counts(database, requests, at_once):
    row = stored()
    requests.add(row)
    assert sorted(at_once(20, lambda _: consume(database, row.digest))) == [False] * 19 + [True]


def test_how_far_a_request_has_come_is_kept(requests):
    row = stored()
    requests.add(row)
    further = WAITING.after(Progress(signed_in="ani"))
    assert requests.replace(row.digest, further, NOW)
    assert requests.find(RequestKind.INTERACTION, row.digest, NOW) == replace(row, request=further)
    assert not requests.replace(row.digest, further, NOW + 60)


@pytest.fixture
def code(people):
    code = StoredCode(
        digest=digest(),
        client_id="c",
        session_id="s",
        expires_at=NOW + 60,
        redirect_uri="https://app.example.com/callback",
        code_challenge="challenge",
        dpop_jkt="thumbprint",
    )
    with people.write() as connection:
        SqlAuthorizationCodes(connection).add(code, SESSION, NOW)
    return code


def use(database, digest, now=NOW):
    with database.write() as connection:
        return SqlAuthorizationCodes(connection).consume(digest, now)


def test_a_code_stands_for_a_session_with_what_was_granted(people, code):
    with people.read() as connection:
        session = find_session(connection, "s")
    assert (session.account_id, session.client_id, session.browser_session_id) == ("ani", "c", "b")
    assert (session.authenticated_at, session.last_seen_at, session.expires_at) == (NOW - 5, NOW, NOW + 900)
    assert GrantedAuthorization.from_json(session.granted) == SESSION.granted
    assert use(people, code.digest) == code


def test_a_code_is_good_for_one_use(people, code):
    assert use(people, code.digest) == code
    assert use(people, code.digest) == AlreadyUsed("s")
    assert use(people, code.digest, NOW + 3600) == AlreadyUsed("s")


def test_of_many_uses_at_the_same_moment_one_succeeds(people, code, at_once):
    outcomes = at_once(50, lambda _: use(people, code.digest))
    assert outcomes.count(code) == 1
    assert outcomes.count(AlreadyUsed("s")) == 49


def test_a_code_expires_and_an_unknown_one_is_nothing(people, code):
    assert use(people, code.digest, NOW + 60) is None
    assert use(people, digest()) is None


def test_a_code_whose_session_has_ended_is_nothing(people, code):
    with people.write() as connection:
        assert revoke_session(connection, "s", NOW, "logout")
    assert use(people, code.digest) is None


def test_a_session_can_be_ended_by_its_codes_store(people, code):
    with people.write() as connection:
        SqlAuthorizationCodes(connection).end_session(code.session_id, NOW, "authorization code reused")
        assert find_session(connection, "s").revoked_because == "authorization code reused"


def test_consent_grows_and_can_be_withdrawn(people):
    with people.write() as connection:
        assert remembered_scopes(connection, "ani", "c") is None
        for scopes in ({"openid"}, {"email"}, {"openid"}, set()):
            remember_consent(connection, "ani", "c", frozenset(scopes), NOW)
        remember_consent(connection, "ani", "d", frozenset(), NOW)
        assert remembered_scopes(connection, "ani", "c") == {"openid", "email"}
        assert remembered_scopes(connection, "ani", "d") == frozenset()
        assert remembered_scopes(connection, "budi", "c") is None
        assert consents_of(connection, "ani") == {"c": {"openid", "email"}, "d": frozenset()}
        assert withdraw_consent(connection, "ani", "c")
        assert not withdraw_consent(connection, "ani", "c")
        assert remembered_scopes(connection, "ani", "c") is None


@pytest.fixture
def cookie(people):
    cookie = digest()
    with people.write() as connection:
        insert_browser_session(connection, cookie, LOGIN)
    return cookie


def found(database, cookie, now=NOW, idle=100):
    with database.read() as connection:
        return find_browser_session(connection, cookie, now, now - idle)


def test_a_login_is_found_until_it_is_old_or_idle(people, cookie):
    assert found(people, cookie) == LOGIN
    assert found(people, cookie, NOW + 99) == LOGIN
    assert found(people, cookie, NOW + 100) is None
    assert found(people, cookie, NOW + 499, idle=1000)
    assert found(people, cookie, NOW + 500, idle=1000) is None
    assert found(people, digest()) is None


def test_a_login_that_is_used_is_not_idle(people, cookie):
    with people.write() as connection:
        touch_browser_session(connection, "b", NOW + 90)
    assert found(people, cookie, NOW + 150).last_seen_at == NOW + 90


def test_a_login_ends_with_its_account_and_with_its_password(people, cookie):
    with people.write() as connection:
        set_disabled(connection, "ani", NOW)
    assert found(people, cookie) is None
    with people.write() as connection:
        set_disabled(connection, "ani", None)
        assert find_browser_session(connection, cookie, NOW, 0)
        change_password(connection, "ani", "new", NOW + 1)
    assert found(people, cookie, NOW + 2) is None


def test_a_renewed_login_keeps_its_identifier_and_loses_its_old_cookie(people, cookie):
    fresh, later = digest(), replace(LOGIN, authenticated_at=NOW + 50, last_seen_at=NOW + 50, expires_at=NOW + 600)
    with people.write() as connection:
        assert not renew_browser_session(connection, cookie, digest(), replace(later, account_id="budi"))
        assert renew_browser_session(connection, cookie, fresh, replace(later, id="another"))
    assert found(people, cookie) is None
    assert found(people, fresh, NOW + 60) == later


@pytest.mark.usefixtures("cookie")
def test_a_login_can_be_ended_alone_or_with_all_others_of_the_account(people):
    others = [digest(), digest()]
    with people.write() as connection:
        insert_browser_session(connection, others[0], replace(LOGIN, id="b2"))
        insert_browser_session(connection, others[1], replace(LOGIN, id="b3", account_id="budi"))
        assert is_live_browser_session(connection, "b", NOW)
        assert revoke_browser_session(connection, "b", NOW)
        assert not revoke_browser_session(connection, "b", NOW)
        assert not is_live_browser_session(connection, "b", NOW)
        assert revoke_browser_sessions_of(connection, "ani", NOW, except_session="b2") == 0
        assert revoke_browser_sessions_of(connection, "ani", NOW) == 1
    assert found(people, others[0]) is None
    assert found(people, others[1])


@pytest.mark.usefixtures("cookie")
def test_what_has_expired_is_deleted_after_a_day(people, requests, code):
    row = stored()
    requests.add(row)
    with people.write() as connection:
        assert delete_expired(connection, NOW + 400) == 0
        assert delete_expired(connection, NOW + 501) == 1  # the login
        assert delete_expired(connection, NOW + DAY + 61) == 2
    assert use(people, code.digest) is None
