"""What happens by itself: keys are rotated, expired rows are deleted, and one failure does not stop the rest."""

from threading import Event

from gapura_auth import housekeeping as module
from gapura_auth.factory import build
from gapura_auth.housekeeping import Housekeeping, purge
from gapura_auth.store.expiry import BATCH, KEEP_SESSIONS, KEEP_THROTTLE


def test_expired_rows_go_and_live_ones_stay(open_service, database_url):
    service = open_service(database_url, refresh_token_seconds=3600, session_seconds=7200)
    old = service.tokens()
    service.login("ani", "wrong", address="203.0.113.1")
    chore = purge(service.database, service.clock)
    assert chore() == 0
    service.clock.advance(3601)
    assert chore() == 1  # the refresh token
    service.clock.advance(KEEP_SESSIONS + 7200)
    new = service.tokens()
    assert chore() >= 2  # the session and the throttle's buckets
    assert service.refresh(old["refresh_token"]).status_code == 401
    assert service.refresh(new["refresh_token"]).status_code == 200
    assert len(service.rows("SELECT 1 FROM sessions")) == 1
    assert KEEP_THROTTLE > 3600


def test_what_is_deleted_at_once_is_bounded(service):
    from sqlalchemy import insert  # noqa: PLC0415 -- beside its only use

    from gapura_auth.store.tables import login_throttle  # noqa: PLC0415 -- as above

    rows = [{"bucket": str(n), "failures": 1, "blocked_until": 0, "touched_at": 0} for n in range(BATCH + 7)]
    with service.database.write() as connection:
        connection.execute(insert(login_throttle), rows)
    chore = purge(service.database, service.clock)
    assert [chore(), chore(), chore()] == [BATCH, 7, 0]


def test_a_chore_that_fails_does_not_keep_the_others_from_being_done(capsys):
    done = []

    def fail():
        raise RuntimeError("the disk is on fire")

    Housekeeping({"first": fail, "second": lambda: done.append(1) or 3}).do_all()
    assert done == [1]
    logged = capsys.readouterr().out
    assert "chore failed" in logged
    assert "chore done" in logged


def test_chores_are_done_regularly_until_they_are_stopped(monkeypatch):
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.001)
    twice, rounds = Event(), []

    def chore():
        rounds.append(1)
        if len(rounds) == 2:
            twice.set()
        return 0

    stop = Housekeeping({"chore": chore}).start()
    assert twice.wait(10)
    stop.set()


def test_chores_that_are_waited_for_are_done_when_somebody_rings():
    done = Event()
    housekeeping = Housekeeping({"chore": lambda: done.set() or 0}, every_seconds=3600)
    stop = housekeeping.start()
    assert not done.wait(0.05)
    housekeeping.wake()
    assert done.wait(10)
    done.clear()
    stop.set()
    housekeeping.wake()
    assert not done.wait(0.05)


def test_a_running_service_does_its_chores(service, monkeypatch):
    started = []
    monkeypatch.setattr(Housekeeping, "start", lambda self: started.append(set(self.chores)))
    for settings in (service.settings, service.settings.model_copy(update={"jwt_secret_key": _secret()})):
        build(settings, clock=service.clock).extensions["database"].close()
    assert started == [{"expired rows", "key rotation"}, {"logout delivery"}, {"expired rows"}]


def _secret():
    from pydantic import SecretStr  # noqa: PLC0415 -- beside its only use

    return SecretStr("x" * 40)
