"""What every store of the token endpoint's ports must do, on each database."""

from dataclasses import replace

import pytest

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.registration import DEFAULT_ROLE
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.device_codes import StoredDeviceCode
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import BEARER, KeyBinding, LoginEvent
from gapura_auth.oauth.ports import Successor
from gapura_auth.oauth.requested_claims import RequestedClaims
from gapura_auth.store.accounts import insert_account, set_disabled
from gapura_auth.store.expiry import DAY, delete_expired
from gapura_auth.store.refresh_tokens import SlotLending
from gapura_auth.store.roles import grant_role, withdraw_role
from gapura_auth.store.status_slots import borrow_slot, revoked_indexes
from gapura_auth.store.transactions import SqlTransactions

NOW = 1_790_000_000.0
LOGIN = LoginEvent(NOW - 60, amr=("pwd", "otp"), acr="urn:two")
GRANTED = GrantedAuthorization(
    scopes=frozenset({"openid", "account", "users:write"}),
    login=LOGIN,
    resources=("https://a.example",),
    claims=RequestedClaims(id_token={"email": {"essential": True}}, userinfo={"name": None}),
    nonce="n",
)
SESSION = AuthorizedSession(
    id="s",
    account_id="a",
    client_id="app",
    browser_session_id="b",
    granted=GRANTED,
    address="192.0.2.1",
    user_agent="browser",
    expires_at=NOW + 1000,
)
CODE = StoredDeviceCode(
    digest=b"d" * 32,
    user_code="BCDFGHJK",
    client_id="tv",
    scopes=frozenset({"openid"}),
    resources=("https://a.example",),
    expires_at=NOW + 600,
)


@pytest.fixture
def transactions(database):
    account = Account(
        id="a",
        username="ani",
        username_canonical="ani",
        username_skeleton="ani",
        email=None,
        email_canonical=None,
        password_hash=None,
        password_changed_at=0.0,
        registered_from="",
        created_at=0.0,
    )
    with database.write() as connection:
        insert_account(connection, account)
        grant_role(connection, "a", DEFAULT_ROLE)
    return SqlTransactions(database, ("gapura",), SlotLending("https://issuer.example", 600))


@pytest.fixture
def session(transactions):
    with transactions.write() as transaction:
        transaction.sessions.begin(SESSION, NOW)
    return transactions


def live(transactions, now=NOW, session_id="s"):
    with transactions.read() as transaction:
        return transaction.sessions.live_grant(session_id, now)


def test_a_session_stands_for_what_was_granted_as_far_as_roles_allow(session):
    grant = live(session)
    assert (grant.subject, grant.username, grant.client_id, grant.session_id) == ("a", "ani", "app", "s")
    assert grant.scopes == {"openid", "account"}  # the role does not allow users:write
    assert (grant.audience, grant.login, grant.nonce) == (("https://a.example",), LOGIN, "n")
    assert (grant.requested_claims, grant.binding) == (GRANTED.claims, BEARER)
    assert (grant.ends_at, grant.status) == (NOW + 1000, None)


def test_without_a_resource_it_is_for_the_default_audience(transactions):
    with transactions.write() as transaction:
        transaction.sessions.begin(replace(SESSION, granted=replace(GRANTED, resources=())), NOW)
    assert live(transactions).audience == ("gapura",)


def test_a_session_is_over_when_it_has_ended_expired_or_its_account_may_not(session, database):
    assert live(session, NOW + 1000) is None
    assert live(session, session_id="unknown") is None
    with database.write() as connection:
        withdraw_role(connection, "a", DEFAULT_ROLE)
    assert live(session).scopes == {"openid"}
    with database.write() as connection:
        set_disabled(connection, "a", NOW)
    assert live(session) is None
    with database.write() as connection:
        set_disabled(connection, "a", None)
    with session.write() as transaction:
        transaction.sessions.end("s", NOW, "because")
    assert live(session) is None


def test_a_session_keeps_the_key_it_is_bound_to(session):
    binding = KeyBinding(jkt="key", x5t_s256="certificate")
    with session.write() as transaction:
        transaction.sessions.bind("s", binding)
        transaction.sessions.bind("unknown", binding)
        transaction.refresh_tokens.add(b"r" * 32, "s", NOW + 10, NOW)
        found = transaction.refresh_tokens.find(b"r" * 32)
    assert live(session).binding == binding
    assert live(session).scopes == {"openid", "account"}
    assert (found.binding, found.client_id, found.session_id) == (binding, "app", "s")


def test_a_refresh_token_is_used_up_once_and_knows_its_successor(session):
    with session.write() as transaction:
        store = transaction.refresh_tokens
        store.add(b"1" * 32, "s", NOW + 10, NOW)
        first = store.find(b"1" * 32)
        assert store.consume(first, Successor(b"2" * 32, NOW + 20, b"sealed"), NOW + 1)
        assert not store.consume(first, Successor(b"3" * 32, NOW + 20, b"sealed"), NOW + 1)
        used = store.find(b"1" * 32)
        assert (used.consumed_at, used.successor_sealed, used.successor_consumed) == (NOW + 1, b"sealed", False)
        assert store.find(b"2" * 32).expires_at == NOW + 20
        assert store.find(b"3" * 32) is None
        assert store.live_grant("s", NOW).status.uri == "https://issuer.example/status-lists/0"


def begin_and_fail(transactions):
    with transactions.write() as transaction:
        transaction.sessions.begin(SESSION, NOW)
        assert transaction.device_codes.add(CODE)
        raise OSError("undone")


def test_an_undone_transaction_leaves_nothing(transactions):
    with pytest.raises(OSError, match="undone"):
        begin_and_fail(transactions)
    assert live(transactions) is None
    with transactions.read() as transaction:
        assert transaction.device_codes.find(CODE.digest) is None


def test_a_device_code_is_found_in_both_ways(transactions):
    with transactions.write() as transaction:
        codes = transaction.device_codes
        assert codes.add(CODE)
        assert not codes.add(replace(CODE, digest=b"e" * 32))  # the same user code
        assert codes.find(CODE.digest) == codes.find_by_user_code("BCDFGHJK") == CODE
        assert codes.find(b"e" * 32) is None
        assert codes.find_by_user_code("ZZZZZZZZ") is None
        codes.note_poll(CODE.digest, 10, NOW)
        assert codes.find(CODE.digest) == replace(CODE, interval=10, polled_at=NOW)


def test_a_device_code_is_decided_once_and_used_once(transactions):
    with transactions.write() as transaction:
        codes = transaction.device_codes
        codes.add(CODE)
        assert not codes.consume(CODE.digest, NOW)
        assert codes.approve(CODE.digest, SESSION, NOW)
        assert not codes.approve(CODE.digest, replace(SESSION, id="t"), NOW)
        assert not codes.deny(CODE.digest, NOW)
        assert codes.consume(CODE.digest, NOW)
        assert not codes.consume(CODE.digest, NOW)
    assert live(transactions) is not None
    assert live(transactions, session_id="t") is None


@pytest.mark.parametrize("now", [NOW, NOW + 600])
def test_a_denied_or_expired_device_code_cannot_be_approved(transactions, now):
    with transactions.write() as transaction:
        codes = transaction.device_codes
        codes.add(CODE)
        assert codes.deny(CODE.digest, now) is (now == NOW)
        assert not codes.approve(CODE.digest, SESSION, now)
        assert not codes.consume(CODE.digest, now)


def test_expired_device_codes_are_deleted(transactions, database):
    with transactions.write() as transaction:
        transaction.device_codes.add(CODE)
    with database.write() as connection:
        assert delete_expired(connection, NOW + 601) == 0
        assert delete_expired(connection, NOW + 601 + DAY) == 1


def test_two_who_borrow_a_slot_for_one_session_get_the_same(session, database, at_once):
    def borrow(_):
        with database.write() as connection:
            return borrow_slot(connection, "s", NOW, NOW + 600)

    slots = set(at_once(20, borrow))
    assert len(slots) == 1
    with session.write() as transaction:
        transaction.sessions.end("s", NOW, "because")
    with database.read() as connection:
        assert revoked_indexes(connection, 0, NOW - 1) == [slots.pop().index]
