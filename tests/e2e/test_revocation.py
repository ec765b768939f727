"""A session that has ended is refused by services that never ask the auth service about a token."""

import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

#: What is promised, in seconds, and what a machine that is busy with other tests may take on top.
PROMISED = 2.0
SLACK = 2.0

PASSWORD = "nasi goreng tanpa kecap"


@pytest.fixture
def account(system):
    """Register an account of this test's own."""
    account = {"username": f"sari-{uuid.uuid4().hex[:8]}", "password": PASSWORD}
    assert system.auth.post("/register", account).status == 201
    return account


def guarded(system):
    """Return the calls that every good token may make at the two services."""
    return ((system.users, "/users"), (system.products, "/products"))


def assert_is_accepted(system, token):
    for service, path in guarded(system):
        assert service.get(path, token=token).status == 200


def assert_is_refused_soon(system, token, since):
    for service, path in guarded(system):
        answer = service.get(path, token=token)
        while answer.status == 200 and time.monotonic() - since < PROMISED + SLACK:
            time.sleep(0.05)
            answer = service.get(path, token=token)
        assert (answer.status, answer.json) == (401, {"msg": "Token has been revoked"})


def test_after_a_logout_the_token_is_refused_everywhere(system, account):
    token = system.token(**account)
    assert_is_accepted(system, token)
    since = time.monotonic()
    assert system.auth.post("/logout", token=token).json == {"msg": "Anda telah keluar."}
    assert_is_refused_soon(system, token, since)
    assert system.auth.get("/me", token=token).status == 401


def test_a_logout_ends_one_session_and_not_the_others(system, account):
    ended, kept = system.token(**account), system.token(**account)
    since = time.monotonic()
    system.auth.post("/logout", token=ended)
    assert_is_refused_soon(system, ended, since)
    assert_is_accepted(system, kept)


def test_a_logout_of_all_sessions_ends_every_one(system, account):
    tokens = [system.token(**account) for _ in range(3)]
    since = time.monotonic()
    assert system.auth.post("/logout", {"all": True}, token=tokens[0]).status == 200
    for token in tokens:
        assert_is_refused_soon(system, token, since)


def test_a_password_change_ends_the_other_sessions(system, account):
    mine, theirs = system.token(**account), system.token(**account)
    since = time.monotonic()
    change = {"current_password": PASSWORD, "new_password": "soto ayam pakai telur asin"}
    assert system.auth.post("/password", change, token=mine).status == 200
    assert_is_refused_soon(system, theirs, since)
    assert_is_accepted(system, mine)


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(system, account):
    tokens = system.login(**account)
    assert_is_accepted(system, tokens["access_token"])
    since = time.monotonic()
    command = [str(Path(sys.executable).with_name("gapura-auth")), "users", "disable", account["username"]]
    done = subprocess.run(command, env=system.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert_is_refused_soon(system, tokens["access_token"], since)
    assert system.auth.post("/refresh", {"refresh_token": tokens["refresh_token"]}).status == 401
    assert system.auth.post("/login", account).status == 401


def test_a_stolen_refresh_token_ends_the_session_for_thief_and_owner(system, account):
    first = system.login(**account)
    second = system.auth.post("/refresh", {"refresh_token": first["refresh_token"]}).json
    third = system.auth.post("/refresh", {"refresh_token": second["refresh_token"]}).json
    since = time.monotonic()
    assert system.auth.post("/refresh", {"refresh_token": first["refresh_token"]}).status == 401
    assert system.auth.post("/refresh", {"refresh_token": third["refresh_token"]}).status == 401
    assert_is_refused_soon(system, third["access_token"], since)
