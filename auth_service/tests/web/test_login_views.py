"""The way in and out, as a client sees it: every status and every body."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from gapura import Verifier
from gapura.issuers import TrustedIssuer
from gapura.keys import StaticKeySet

CHALLENGE = 'Bearer realm="gapura"'
ENDED = 'Bearer realm="gapura", error="invalid_token", error_description="The session has ended."'
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def tokens(service):
    return service.tokens("ani")


def test_a_registration_says_who_was_registered(service):
    answer = service.register("Ani.Wijaya", email="ani@example.com")
    assert answer.status_code == 201
    assert set(answer.json) == {"msg", "id", "username"}
    assert answer.json["msg"] == "Akun Ani.Wijaya berhasil dibuat."
    assert answer.json["username"] == "Ani.Wijaya"
    assert UUID(answer.json["id"]).version == 4


def test_a_registered_account_can_log_in_at_once(service_on_both):
    assert service_on_both.register("ani").status_code == 201
    answer = service_on_both.login("ANI")  # case is no difference
    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 600)
    assert answer.json["scope"] == "account"
    assert answer.json["refresh_token"].startswith("gpr_rt_")
    assert answer.headers["Cache-Control"] == "no-store"
    assert service_on_both.get("/me", answer.json["access_token"]).json["username"] == "ani"


def test_an_access_token_says_what_rfc_9068_wants(service, tokens):
    keys = StaticKeySet(service.get("/.well-known/jwks.json").json)
    issuer = TrustedIssuer("http://127.0.0.1:5000", "gapura", keys)
    token = Verifier([issuer], clock=service.clock).verify(tokens["access_token"])
    now = int(service.clock())
    assert token.username == "ani"
    assert UUID(token.subject)
    assert (token.issued_at, token.expires_at, token.auth_time) == (now, now + 600, now)
    assert (token.client_id, token.audience, token.scopes) == ("gapura", ("gapura",), {"account"})
    assert token.session_id
    assert token.token_id


@pytest.mark.parametrize(
    ("path", "body", "indonesian", "english"),
    [
        (
            "/register",
            {"username": "budi", "password": "kopi tubruk di pagi hari"},
            "Akun budi berhasil dibuat.",
            "The account budi was created.",
        ),
        ("/logout", None, "Anda telah keluar.", "You are logged out."),
        ("/logout", {"all": True}, "Semua sesi Anda telah diakhiri.", "All your sessions have been ended."),
        (
            "/password",
            {"current_password": "kopi tubruk di pagi hari", "new_password": "teh manis di sore hari"},
            "Kata sandi telah diubah; sesi Anda yang lain telah diakhiri.",
            "The password was changed; your other sessions have been ended.",
        ),
    ],
)
@pytest.mark.parametrize("language", ["", "id", "en", "en-GB, id;q=0.5"])
def test_a_success_is_told_in_indonesian_unless_english_is_asked_for(  # noqa: PLR0913, PLR0917 -- fixtures and one table
    service, tokens, path, body, indonesian, english, language
):
    options = {"json": body} if body is not None else {}
    answer = service.call("POST", path, tokens["access_token"], headers={"Accept-Language": language}, **options)
    assert answer.status_code in {200, 201}
    assert answer.json["msg"] == (english if language.startswith("en") else indonesian)


def test_me_tells_the_account_its_roles_and_what_they_allow(service):
    service.register("ani", email="ani@example.com")
    service.administration.grant("ani", "admin")
    tokens = service.tokens("ani")
    assert tokens["scope"] == "account products:write users:read users:write"
    me = service.get("/me", tokens["access_token"]).json
    assert {name: me[name] for name in me if name not in {"id", "created_at"}} == {
        "username": "ani",
        "email": "ani@example.com",
        "email_verified": False,
        "roles": ["admin", "member"],
        "scopes": ["account", "products:write", "users:read", "users:write"],
    }
    assert datetime.fromisoformat(me["created_at"]) == datetime.fromtimestamp(service.clock(), UTC)


def test_a_withdrawn_role_is_gone_from_the_next_token(service):
    service.register("ani")
    service.administration.grant("ani", "admin")
    tokens = service.tokens("ani")
    service.administration.withdraw("ani", "admin")
    assert service.refresh(tokens["refresh_token"]).json["scope"] == "account"


def test_logging_out_ends_this_session_and_no_other(service_on_both):
    service = service_on_both
    service.register()
    phone, laptop = service.tokens(), service.tokens()
    assert service.call("POST", "/logout", phone["access_token"]).json == {"msg": "Anda telah keluar."}
    assert service.get("/me", phone["access_token"]).status_code == 401
    assert service.refresh(phone["refresh_token"]).status_code == 401
    assert service.get("/me", laptop["access_token"]).status_code == 200
    assert service.refresh(laptop["refresh_token"]).status_code == 200


def test_logging_out_everywhere_ends_every_session(service_on_both):
    service = service_on_both
    service.register()
    phone, laptop = service.tokens(), service.tokens()
    others = service.tokens("budi")
    assert service.post("/logout", {"all": True}, phone["access_token"]).status_code == 200
    for tokens in (phone, laptop):
        assert service.get("/me", tokens["access_token"]).status_code == 401
        assert service.refresh(tokens["refresh_token"]).status_code == 401
    assert service.get("/me", others["access_token"]).status_code == 200


def test_an_ended_session_is_refused_with_a_challenge(service, tokens):
    service.call("POST", "/logout", tokens["access_token"])
    for answer in (service.get("/me", tokens["access_token"]), service.refresh(tokens["refresh_token"])):
        assert answer.status_code == 401
        assert answer.json == {"msg": "The session has ended: log in again."}
        assert answer.headers["WWW-Authenticate"] == ENDED


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("GET", "/sessions"),
        ("POST", "/logout"),
        ("POST", "/password"),
        ("DELETE", "/sessions/6f1c1d2e-8a4b-4c53-9d0e-000000000000"),
    ],
)
def test_without_a_token_one_is_refused_before_anything_is_read(service, method, path):
    answer = service.call(method, path)
    assert answer.status_code == 401
    assert answer.json == {"msg": "Missing Authorization Header"}
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


def test_an_expired_access_token_is_refused(service, tokens):
    service.clock.advance(600)
    answer = service.get("/me", tokens["access_token"])
    assert (answer.status_code, answer.json) == (401, {"msg": "Token has expired"})
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_refresh_token_is_no_access_token(service, tokens):
    assert service.get("/me", tokens["refresh_token"]).status_code == 401


@pytest.mark.parametrize(
    ("content", "media_type", "status", "field"),
    [
        (b"", "application/json", 400, None),
        (b"{", "application/json", 400, None),
        (b"\xff", "application/json", 400, None),
        (b'{"username": NaN, "password": "x"}', "application/json", 400, None),
        (b'{"username": "a", "username": "b", "password": "x"}', "application/json", 400, None),
        (b"[" * 20_000, "application/json", 400, None),
        (b"username=user1&password=pass123", "application/x-www-form-urlencoded", 415, None),
        (b'{"username": "user1", "password": "pass123"}', "text/plain", 415, None),
        (b"[]", "application/json", 422, "request"),
        (b"null", "application/json", 422, "request"),
        (b'{"password": "x"}', "application/json", 422, "username"),
        (b'{"username": "user1"}', "application/json", 422, "password"),
        (b'{"username": 1, "password": "x"}', "application/json", 422, "username"),
        (b'{"username": null, "password": "x"}', "application/json", 422, "username"),
        (b'{"username": "user1", "password": ["x"]}', "application/json", 422, "password"),
        (b'{"username": "user1", "password": "x", "admin": true}', "application/json", 422, "admin"),
        (b'{"username": "user\\u0000", "password": "x"}', "application/json", 422, "request"),
        (b'{"username": "user1", "password": "' + b"x" * 5000 + b'"}', "application/json", 422, "password"),
        (b'{"username": "user1", "password": "' + b"x" * 1_000_000 + b'"}', "application/json", 413, None),
    ],
)
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_a_body_that_is_not_as_it_must_be_is_refused_in_one_shape(  # noqa: PLR0913, PLR0917 -- one table
    service, path, content, media_type, status, field
):
    answer = service.call("POST", path, data=content, content_type=media_type)
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert set(answer.json) == ({"msg", "errors"} if field else {"msg"})
    assert answer.json["msg"]
    if field:
        assert field in answer.json["errors"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 405),
        ("PUT", "/register", 405),
        ("DELETE", "/refresh", 405),
        ("POST", "/me", 405),
        ("GET", "/nothing", 404),
        ("DELETE", "/sessions/not-a-uuid", 404),
    ],
)
def test_a_wrong_method_or_address_is_refused_in_the_same_shape(service, method, path, status):
    answer = service.call(method, path)
    assert answer.status_code == status
    assert set(answer.json) == {"msg"}
    if status == 405:
        assert answer.headers["Allow"]


def test_logging_out_takes_no_body_an_empty_object_or_all(service):
    for content, status in ((None, 200), (b"{}", 200), (b'{"all": false}', 200), (b'{"all": 1}', 422), (b"[]", 422)):
        token = service.tokens()["access_token"]
        options = {} if content is None else {"data": content, "content_type": "application/json"}
        assert service.call("POST", "/logout", token, **options).status_code == status


def test_every_answer_carries_a_request_id_and_the_security_headers(service):
    answer = service.login("nobody1", headers={"X-Request-ID": "seen-before-1"})
    assert answer.headers["X-Request-ID"] == "seen-before-1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_contract_holds_for_a_login_with_the_demo_account(open_service, sqlite_url):
    from gapura_auth.demo import add_demo_accounts  # noqa: PLC0415 -- beside its only use
    from gapura_auth.factory import new_id, passwords_of  # noqa: PLC0415 -- as above

    service = open_service(sqlite_url)
    with service.database.write() as connection:
        add_demo_accounts(connection, passwords_of(service.settings).hasher.hash, new_id, service.clock())
    answer = service.login("user1", "pass123")
    assert answer.status_code == 200
    assert orjson.loads(answer.data)["access_token"]
    assert service.get("/me", answer.json["access_token"]).json["roles"] == ["member"]
    admin = service.login("admin", "admin123").json
    assert admin["scope"] == "account products:write users:read users:write"
