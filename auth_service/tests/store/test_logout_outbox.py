"""The outbox of logouts, on both databases: written with the end of a session, and claimed by one process at a time."""

import multiprocessing
from contextlib import closing

import pytest
from sqlalchemy import text

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.session import Session
from gapura_auth.browser.session import BrowserSession
from gapura_auth.oauth.clients import Client, ClientPresentation, LogoutAddresses
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.store.accounts import insert_account
from gapura_auth.store.browser_sessions import end_browser_session, insert_browser_session
from gapura_auth.store.clients import StoredClient, delete_client, insert_client
from gapura_auth.store.expiry import KEEP_LOGOUTS, delete_expired
from gapura_auth.store.logout_outbox import (
    EndedSession,
    claim_logouts,
    has_due_logouts,
    mark_delivered,
    mark_given_up,
    put_off,
)
from gapura_auth.store.sessions import end_session, insert_session, revoke_session, revoke_sessions_of
from gapura_chassis.database import open_database

NOW = 1_790_000_000.0
ADDRESS = "https://app.example/out"
DOCUMENT = "https://mcp.example/client.json"


@pytest.fixture
def outbox(database):
    """Give a database with ani, who is signed in in a browser, and clients with and without an address."""
    with database.write() as connection:
        insert_account(connection, ANI)
        insert_browser_session(connection, b"d" * 32, _login())
        for client_id, address in (("app", ADDRESS), ("other", ADDRESS), ("deaf", None)):
            insert_client(connection, StoredClient(client=_client(client_id, address), created_at=NOW))
    return database


ANI = Account(
    id="ani",
    username="ani",
    username_canonical="ani",
    username_skeleton="ani",
    email=None,
    email_canonical=None,
    password_hash="x",
    password_changed_at=NOW,
    registered_from="",
    created_at=NOW,
)


def _login():
    return BrowserSession(
        id="b1", account_id="ani", authenticated_at=NOW, amr=("pwd",), acr=None, last_seen_at=NOW, expires_at=NOW + 99
    )


def _client(client_id, address):
    return Client(
        id=client_id,
        presentation=ClientPresentation(client_id),
        authentication=ClientAuthentication.NONE,
        logout=LogoutAddresses(backchannel_uri=address),
    )


def begin(database, session_id, client_id="app", browser="b1", granted="{}"):
    session = Session(
        id=session_id,
        account_id="ani",
        client_id=client_id,
        address="",
        user_agent="",
        authenticated_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + 1000,
        browser_session_id=browser,
        granted=granted,
    )
    with database.write() as connection:
        insert_session(connection, session)


def ended(database, session_id, client_id="app", at=NOW):
    """Begin a session and end it."""
    begin(database, session_id, client_id)
    with database.write() as connection:
        assert revoke_session(connection, session_id, at, "logout")


def claim(database, now=NOW, until=NOW + 60, limit=100):
    with database.write() as connection:
        return claim_logouts(connection, now, until, limit)


def waiting(database):
    with database.read() as connection:
        return set(connection.execute(text("SELECT session_id FROM logout_outbox")).scalars())


def test_a_session_that_ends_leaves_a_row_for_its_client(outbox):
    ended(outbox, "s1")
    (row,) = claim(outbox)
    assert (row.id, row.session_id, row.account_id, row.client_id) == ("s1", "s1", "ani", "app")
    assert (row.attempts, row.created_at) == (1, NOW)


def test_no_row_is_left_when_the_end_of_the_session_is_undone(outbox):
    begin(outbox, "s1")
    with pytest.raises(RuntimeError), outbox.write() as connection:  # noqa: PT012 -- the transaction is what matters
        revoke_session(connection, "s1", NOW, "logout")
        raise RuntimeError
    assert waiting(outbox) == set()


def test_a_session_that_has_ended_already_leaves_no_second_row(outbox):
    ended(outbox, "s1")
    with outbox.write() as connection:
        assert not revoke_session(connection, "s1", NOW, "logout")
        assert revoke_sessions_of(connection, "ani", NOW, "all") == 0
    assert waiting(outbox) == {"s1"}


def test_only_clients_hear_that_want_to(outbox):
    begin(outbox, "wants to")
    begin(outbox, "has no address", "deaf")
    begin(outbox, "is our own interface", "gapura", granted=None)
    begin(outbox, "is unknown", "nobody")
    begin(outbox, "says so in a document", DOCUMENT)
    begin(outbox, "is gone", "other")
    with outbox.write() as connection:
        connection.execute(text("UPDATE clients SET deleted_at = 1 WHERE id = 'other'"))
        assert revoke_sessions_of(connection, "ani", NOW, "all") == 6
    assert waiting(outbox) == {"wants to", "says so in a document"}


def test_a_deleted_client_does_not_hear_of_the_end_of_its_sessions(outbox):
    begin(outbox, "s1")
    with outbox.write() as connection:
        assert delete_client(connection, "app", NOW)
    assert waiting(outbox) == set()


def test_what_the_protocol_ends_is_no_logout(outbox):
    begin(outbox, "s1")
    with outbox.write() as connection:
        end_session(connection, "s1", NOW, "token revoked by the client")
    assert waiting(outbox) == set()


def test_the_end_of_a_login_in_a_browser_ends_what_came_of_it_and_nothing_else(outbox):
    begin(outbox, "from this browser")
    begin(outbox, "from this browser too", "deaf")
    begin(outbox, "from another one", browser="b2")
    begin(outbox, "from a device", browser=None)
    with outbox.write() as connection:
        sessions = end_browser_session(connection, "b1", NOW, "logout")
        assert end_browser_session(connection, "b1", NOW, "logout") is None
    assert {EndedSession("from this browser", "ani", "app"), *sessions} == set(sessions)
    assert {session.id for session in sessions} == {"from this browser", "from this browser too"}
    assert waiting(outbox) == {"from this browser"}


def test_one_session_may_be_kept_and_then_its_client_hears_nothing(outbox):
    begin(outbox, "s1")
    begin(outbox, "s2")
    with outbox.write() as connection:
        assert revoke_sessions_of(connection, "ani", NOW, "password changed", except_session="s2") == 1
    assert waiting(outbox) == {"s1"}


def test_rows_of_one_client_are_claimed_together_the_longest_waiting_first(outbox):
    ended(outbox, "s2", "other", at=NOW - 2)
    ended(outbox, "s1", at=NOW - 1)
    ended(outbox, "s3", "other", at=NOW)
    assert {row.id for row in claim(outbox)} == {"s2", "s3"}
    assert {row.id for row in claim(outbox)} == {"s1"}
    assert claim(outbox) == ()


def test_no_more_are_claimed_than_asked_for(outbox):
    for number in range(5):
        ended(outbox, f"s{number}", at=NOW - number)
    assert {row.id for row in claim(outbox, limit=2)} == {"s4", "s3"}
    assert len(claim(outbox, limit=9)) == 3


def test_a_claim_ends_by_itself_when_its_process_is_gone(outbox):
    ended(outbox, "s1")
    assert len(claim(outbox, until=NOW + 60)) == 1
    assert claim(outbox, now=NOW + 59) == ()
    (again,) = claim(outbox, now=NOW + 60, until=NOW + 120)
    assert again.attempts == 2


@pytest.mark.parametrize("settle", [mark_delivered, mark_given_up, put_off])
def test_whoever_has_lost_a_claim_cannot_say_anything_about_the_row_any_more(outbox, settle):
    ended(outbox, "s1")
    (lost,) = claim(outbox)
    (held,) = claim(outbox, now=NOW + 60, until=NOW + 120)
    with outbox.write() as connection:
        assert not settle(connection, lost, NOW + 500)
        assert settle(connection, held, NOW + 500)


@pytest.mark.parametrize("settle", [mark_delivered, mark_given_up])
def test_what_was_delivered_or_given_up_is_not_claimed_again(outbox, settle):
    ended(outbox, "s1")
    (row,) = claim(outbox)
    with outbox.write() as connection:
        assert settle(connection, row, NOW)
        assert not settle(connection, row, NOW)
        assert not has_due_logouts(connection, NOW + 9999)
    assert claim(outbox, now=NOW + 9999) == ()


def test_what_was_put_off_waits_until_then(outbox):
    ended(outbox, "s1")
    (row,) = claim(outbox)
    with outbox.write() as connection:
        assert put_off(connection, row, NOW + 500)
        assert not has_due_logouts(connection, NOW + 499)
        assert has_due_logouts(connection, NOW + 500)


def test_many_threads_that_claim_at_once_get_each_row_once(outbox, at_once):
    for number in range(60):
        ended(outbox, f"s{number}", "app" if number % 2 else "other")

    def work(_number):
        mine = []
        while claimed := claim(outbox, limit=3):
            mine += [row.id for row in claimed]
        return mine

    claimed = [row for mine in at_once(8, work) for row in mine]
    while rest := claim(outbox):  # whoever met only rows that another one was just claiming has stopped early
        claimed += [row.id for row in rest]
    assert sorted(claimed) == sorted(f"s{number}" for number in range(60))


def _claim_everything(url, start, results):
    with closing(open_database(url, service="auth", connections=2)) as database:
        start.wait(30)
        mine = []
        for _ in range(200):
            mine += [row.id for row in claim(database, limit=1)]
        results.put(mine)


def test_many_processes_that_claim_at_once_get_each_row_once(outbox, database_url):
    for number in range(30):
        ended(outbox, f"s{number}")
    processes = multiprocessing.get_context("spawn")
    start, results = processes.Barrier(3), processes.Queue()
    workers = [processes.Process(target=_claim_everything, args=(database_url, start, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    claimed = [row for _ in workers for row in results.get(timeout=60)]
    for worker in workers:
        worker.join(30)
    assert sorted(claimed) == sorted(f"s{number}" for number in range(30))


def test_old_rows_are_deleted(outbox):
    ended(outbox, "s1", at=NOW)
    with outbox.write() as connection:
        delete_expired(connection, NOW + KEEP_LOGOUTS)
        assert has_due_logouts(connection, NOW + KEEP_LOGOUTS)
        delete_expired(connection, NOW + KEEP_LOGOUTS + 1)
        assert not has_due_logouts(connection, NOW + KEEP_LOGOUTS + 1)
