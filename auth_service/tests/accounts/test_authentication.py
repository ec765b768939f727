"""Logging in with a password: one answer for everything that is wrong, and nothing that changes meanwhile slips by."""

from threading import Event, Thread

import argon2
import pytest

from gapura_auth.credentials import Argon2Parameters, PasswordHasher

PASSWORD = "kopi tubruk di pagi hari"
VARYING = {"X-Request-ID", "Date"}


@pytest.fixture
def hashes(monkeypatch):
    """Count the real Argon2 computations of a comparison."""
    counted = []
    verify = argon2.PasswordHasher.verify

    def counting(self, stored, password):
        counted.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    return counted


def during_verification(monkeypatch, action):
    """Let something happen while a password is being compared."""
    verify = PasswordHasher.verify

    def verify_then_act(self, stored, password):
        verification = verify(self, stored, password)
        action()
        return verification

    monkeypatch.setattr(PasswordHasher, "verify", verify_then_act)


def seen(answer):
    return answer.status_code, answer.data, {name: text for name, text in answer.headers if name not in VARYING}


def test_an_unknown_a_disabled_and_a_wrong_login_get_the_same_answer(service_on_both, hashes):
    service = service_on_both
    service.register("ani")
    service.register("budi")
    service.administration.disable("budi")
    attempts = [("nobody1", PASSWORD), ("budi", PASSWORD), ("ani", "wrong"), ("not a name!", "x"), ("a@b.example", "x")]
    answers = []
    for number, (username, password) in enumerate(attempts, start=1):
        answers.append(seen(service.login(username, password, address="203.0.113.1")))
        assert len(hashes) == number  # each costs exactly one hash
    assert answers[0][:2] == (401, b'{"msg":"Bad username or password"}')
    assert answers[0][2]["WWW-Authenticate"] == 'Bearer realm="gapura"'
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("password", ["", "x" * 1025, "a\tb"])
def test_a_password_that_cannot_be_is_answered_like_a_wrong_one(service, password):
    service.register()
    assert service.login("ani", password).json == service.login("nobody1", password).json


def test_a_login_whose_account_is_disabled_meanwhile_is_refused(service_on_both, monkeypatch):
    service = service_on_both
    service.register()
    during_verification(monkeypatch, lambda: service.administration.disable("ani"))
    answer = service.login()
    assert (answer.status_code, answer.json) == (401, {"msg": "Bad username or password"})
    assert service.rows("SELECT 1 FROM sessions") == []


def test_a_login_whose_password_is_changed_meanwhile_is_refused(service_on_both, monkeypatch):
    from sqlalchemy import text  # noqa: PLC0415 -- beside its only use

    service = service_on_both
    service.register()

    def change():
        with service.database.write() as connection:
            connection.execute(text("UPDATE accounts SET password_hash = 'x', password_changed_at = 1"))

    during_verification(monkeypatch, change)
    assert service.login().status_code == 401
    assert service.rows("SELECT 1 FROM sessions") == []


@pytest.mark.parametrize("meanwhile", ["disabled", "changed"])
def test_a_password_change_does_not_overtake_what_an_operator_does_meanwhile(service_on_both, monkeypatch, meanwhile):
    service = service_on_both
    token = service.tokens()["access_token"]

    def act():
        from sqlalchemy import text  # noqa: PLC0415 -- beside its only use

        if meanwhile == "disabled":
            service.administration.disable("ani")
            return
        with service.database.write() as connection:
            connection.execute(text("UPDATE accounts SET password_hash = 'set by operator', password_changed_at = 1"))

    during_verification(monkeypatch, act)
    body = {"current_password": PASSWORD, "new_password": "teh manis di sore hari"}
    before = service.rows("SELECT password_hash FROM accounts")
    assert service.post("/password", body, token).status_code == 401
    after = service.rows("SELECT password_hash FROM accounts")
    assert after == before if meanwhile == "disabled" else after[0].password_hash == "set by operator"


def test_a_hash_is_made_anew_at_login_when_the_parameters_have_changed(open_service, database_url):
    old = open_service(database_url)
    old.register()
    before = old.rows("SELECT password_hash, password_changed_at FROM accounts")[0]
    new = open_service(database_url, argon2=Argon2Parameters(memory_kib=16, time_cost=1, parallelism=1))
    first = new.tokens()
    after = new.rows("SELECT password_hash, password_changed_at FROM accounts")[0]
    assert "m=8," in before.password_hash
    assert "m=16," in after.password_hash
    assert after.password_changed_at == before.password_changed_at
    assert new.login().status_code == 200
    assert new.rows("SELECT password_hash FROM accounts")[0].password_hash == after.password_hash
    assert new.refresh(first["refresh_token"]).status_code == 200  # nobody is logged out by it


def test_a_wrong_password_never_changes_the_hash(open_service, sqlite_url):
    open_service(sqlite_url).register()
    new = open_service(sqlite_url, argon2=Argon2Parameters(memory_kib=16, time_cost=1, parallelism=1))
    new.login(password="wrong")
    assert "m=8," in new.rows("SELECT password_hash FROM accounts")[0].password_hash


def test_when_every_hashing_slot_is_taken_a_login_is_told_when_to_come_back(open_service, sqlite_url, monkeypatch):
    service = open_service(sqlite_url, hashing_slots=1, hashing_queue=0)
    service.register()
    inside, proceed = Event(), Event()
    verify = PasswordHasher.verify

    def slowly(self, stored, password):
        inside.set()
        assert proceed.wait(30)
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", slowly)
    first: list[int] = []
    thread = Thread(target=lambda: first.append(service.login().status_code))
    thread.start()
    assert inside.wait(30)
    answers = [service.login(), service.login("nobody1"), service.register("budi")]
    proceed.set()
    thread.join(30)
    assert first == [200]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.json == {"msg": "Too many people are logging in right now. Please try again."}
        assert answer.headers["Retry-After"] == "2"
    assert service.rows("SELECT 1 FROM login_throttle WHERE failures > 0") == []  # nobody is punished for the storm


def test_a_login_that_is_right_costs_nobody_an_attempt(service_on_both):
    service = service_on_both
    service.register()
    for _ in range(20):
        assert service.login().status_code == 200
    assert service.rows("SELECT 1 FROM login_throttle WHERE failures > 0") == []
