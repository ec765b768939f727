"""One's own account, as its owner sees it."""

from uuid import uuid4

import pytest

OLD, NEW = "kopi tubruk di pagi hari", "teh manis di sore hari"


def change(service, token, current=OLD, new=NEW, **options):
    return service.post("/password", {"current_password": current, "new_password": new}, token, **options)


def test_sessions_are_listed_with_the_last_used_first(service_on_both):
    service = service_on_both
    service.register()
    service.tokens(headers={"User-Agent": "phone"}, address="203.0.113.9")
    service.clock.advance(5)
    laptop = service.tokens(headers={"User-Agent": "laptop"})
    sessions = service.get("/sessions", laptop["access_token"]).json["sessions"]
    assert [(s["user_agent"], s["current"], s["address"]) for s in sessions] == [
        ("laptop", True, "198.51.100.7"),
        ("phone", False, "203.0.113.9"),
    ]
    assert set(sessions[0]) == {
        "id",
        "current",
        "address",
        "user_agent",
        "created_at",
        "last_seen_at",
        "expires_at",
    }


def test_a_user_agent_is_kept_no_longer_than_it_is_useful(service):
    token = service.tokens(headers={"User-Agent": "x" * 4000})["access_token"]
    assert service.get("/sessions", token).json["sessions"][0]["user_agent"] == "x" * 255


def test_one_can_log_another_device_out(service_on_both):
    service = service_on_both
    service.register()
    phone, laptop = service.tokens(), service.tokens()
    sessions = service.get("/sessions", laptop["access_token"]).json["sessions"]
    other = next(session["id"] for session in sessions if not session["current"])
    answer = service.call("DELETE", f"/sessions/{other}", laptop["access_token"])
    assert (answer.status_code, answer.data) == (204, b"")
    assert service.get("/me", phone["access_token"]).status_code == 401
    assert len(service.get("/sessions", laptop["access_token"]).json["sessions"]) == 1
    assert service.call("DELETE", f"/sessions/{other}", laptop["access_token"]).status_code == 404


def test_nobody_ends_or_sees_the_sessions_of_others(service):
    ani, budi = service.tokens("ani"), service.tokens("budi")
    his = service.get("/sessions", budi["access_token"]).json["sessions"][0]["id"]
    for session in (his, str(uuid4())):
        answer = service.call("DELETE", f"/sessions/{session}", ani["access_token"])
        assert answer.status_code == 404
        assert answer.json == {"msg": "You have no session with this identifier."}
    assert service.get("/me", budi["access_token"]).status_code == 200


def test_a_session_ends_by_itself_in_the_end(open_service, sqlite_url):
    service = open_service(sqlite_url, session_seconds=3600)
    tokens = service.tokens()
    service.clock.advance(3500)
    tokens = service.refresh(tokens["refresh_token"]).json
    assert tokens["expires_in"] == 100  # no token outlives its session
    service.clock.advance(100)
    assert service.refresh(tokens["refresh_token"]).status_code == 401
    assert service.get("/me", tokens["access_token"]).status_code == 401


def test_a_password_change_keeps_this_session_and_ends_the_others(service_on_both):
    service = service_on_both
    service.register()
    phone, laptop = service.tokens(), service.tokens()
    service.clock.advance(1)
    assert change(service, laptop["access_token"]).status_code == 200
    assert service.get("/me", laptop["access_token"]).status_code == 200
    assert service.refresh(laptop["refresh_token"]).status_code == 200
    assert service.get("/me", phone["access_token"]).status_code == 401
    assert service.login(password=OLD).status_code == 401
    assert service.login(password=NEW).status_code == 200


def test_a_password_change_needs_the_current_password(service):
    token = service.tokens()["access_token"]
    answer = change(service, token, current="wrong")
    assert (answer.status_code, answer.json) == (401, {"msg": "Bad username or password"})
    assert service.login(password=OLD).status_code == 200


def test_guessing_the_current_password_is_slowed_down_like_a_login(service):
    token = service.tokens()["access_token"]
    answers = [change(service, token, current="wrong").status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2


@pytest.mark.parametrize(
    "password",
    ["short", "password1", "ani-ani-ani", "aaaaaaaaaaaa", "gapura123", "x" * 1025, "tab\tin the middle of it"],
)
def test_a_new_password_must_be_a_good_one(service, password):
    token = service.tokens()["access_token"]
    answer = change(service, token, new=password)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["new_password"]
    assert service.login().status_code == 200


def test_an_account_that_is_disabled_is_logged_out_at_once(service_on_both):
    service = service_on_both
    tokens = service.tokens()
    service.administration.disable("ani")
    assert service.get("/me", tokens["access_token"]).status_code == 401
    assert service.refresh(tokens["refresh_token"]).status_code == 401
    assert service.login().json == {"msg": "Bad username or password"}
    service.administration.enable("ani")
    assert service.refresh(tokens["refresh_token"]).status_code == 401  # the old session stays ended
    assert service.login().status_code == 200
