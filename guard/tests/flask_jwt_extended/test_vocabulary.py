"""The same application on the real library and on ours: one import line differs."""

import datetime as dt
import importlib
import time

import flask_jwt_extended
import pytest
from flask import Flask

from gapura import ConfigurationError, StaticKeySet, TrustedIssuer, Verifier, requirement_of
from gapura.flask_jwt_extended import JWTManager
from gapura.jose import shared_secret_key, sign
from gapura.requirement import Access

SECRET = "a shared secret of more than 32 bytes"


@pytest.fixture(params=["flask_jwt_extended", "gapura.flask_jwt_extended"])
def library(request):
    return importlib.import_module(request.param)


@pytest.fixture
def ours(library):
    return library.__name__.startswith("gapura")


@pytest.fixture
def app(library, monkeypatch):  # noqa: C901 - one view of every kind
    monkeypatch.delenv("GAPURA_ISSUER", raising=False)
    app = Flask("app")
    app.config["JWT_SECRET_KEY"] = SECRET
    app.manager = library.JWTManager(app)

    @app.get("/open")
    def open_to_all():
        return {"open": True}

    @app.get("/who")
    @library.jwt_required()
    def who():
        return {
            "user": library.get_jwt_identity(),
            "jti": library.get_jwt()["jti"],
            "alg": library.get_jwt_header()["alg"],
        }

    @app.get("/maybe")
    @library.jwt_required(optional=True)
    def maybe():
        return {
            "user": library.get_jwt_identity(),
            "claims": len(library.get_jwt()),
            "header": library.get_jwt_header(),
        }

    @app.get("/fresh")
    @library.jwt_required(fresh=True)
    def fresh():
        return {}

    @app.post("/refresh")
    @library.jwt_required(refresh=True)
    def refresh():
        return {"user": library.get_jwt_identity()}

    @app.route("/cookie", methods=["GET", "POST"])
    @library.jwt_required(locations=["headers", "cookies"])
    def cookie():
        return {"user": library.get_jwt_identity()}

    @app.post("/json")
    @library.jwt_required(locations="json")
    def json():
        return {"user": library.get_jwt_identity()}

    @app.get("/me")
    @library.jwt_required()
    def me():
        return {"user": str(library.current_user), "same": library.get_current_user()}

    @app.route("/own-options", methods=["OPTIONS"])
    @library.jwt_required()
    def own_options():
        return {}

    @app.get("/by-hand")
    def by_hand():
        header, claims = library.verify_jwt_in_request()
        return {"typ": header["typ"], "sub": claims["sub"]}

    return app


@pytest.fixture
def issued():
    """Makes tokens with the real library."""
    issuer = Flask("issuer")
    issuer.config["JWT_SECRET_KEY"] = SECRET
    issuer.config["JWT_TOKEN_LOCATION"] = ["headers", "cookies"]
    flask_jwt_extended.JWTManager(issuer)

    def make(kind="access", **options):
        with issuer.app_context():
            return getattr(flask_jwt_extended, f"create_{kind}_token")("ani", **options)

    return make


@pytest.fixture
def ask(app):
    def ask(path, token=None, method="GET", **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        client = app.test_client()
        for name, value in options.pop("cookies", {}).items():
            client.set_cookie(name, value)
        return client.open(path, method=method, headers=headers, **options)

    return ask


def test_what_is_not_marked_is_open(ask):
    assert ask("/open").json == {"open": True}


def test_a_view_knows_who_it_is(ask, issued):
    answer = ask("/who", issued())
    assert (answer.status_code, answer.json["user"], answer.json["alg"]) == (200, "ani", "HS256")
    assert answer.json["jti"]
    assert ask("/by-hand", issued()).json == {"typ": "JWT", "sub": "ani"}


def test_an_optional_token_may_be_missing(ask, issued):
    assert ask("/maybe").json == {"user": None, "claims": 0, "header": {}}
    assert ask("/maybe", issued()).json["user"] == "ani"
    assert ask("/maybe", issued(expires_delta=dt.timedelta(seconds=-1))).status_code == 401


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "Missing Authorization Header"),
        ("Basic x", "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"),
    ],
)
def test_no_token_is_401_with_the_same_body(ask, header, message):
    answer = ask("/who", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json) == (401, {"msg": message})


def test_a_broken_header_has_the_same_body_and_the_status_of_rfc_6750(ask, ours):
    answer = ask("/who", headers={"Authorization": "Bearer a b"})
    assert answer.json == {"msg": "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"}
    assert answer.status_code == (400 if ours else 422)


def test_an_expired_token_has_the_same_answer(ask, issued):
    answer = ask("/who", issued(expires_delta=dt.timedelta(seconds=-1)))
    assert (answer.status_code, answer.json) == (401, {"msg": "Token has expired"})


def test_a_broken_token_is_refused_with_the_status_of_rfc_6750(ask, issued, ours):
    for token in ("nonsense", issued()[:-2], issued() + "x"):
        assert ask("/who", token).status_code == (401 if ours else 422)


def test_only_fresh_tokens_open_a_fresh_view(ask, issued):
    assert ask("/fresh", issued(fresh=True)).status_code == 200
    assert ask("/fresh", issued(fresh=dt.timedelta(minutes=1))).status_code == 200
    for token in (issued(), issued(fresh=dt.timedelta(minutes=-1))):
        answer = ask("/fresh", token)
        assert (answer.status_code, answer.json) == (401, {"msg": "Fresh token required"})


def test_access_and_refresh_tokens_do_not_stand_for_each_other(ask, issued, ours):
    assert ask("/refresh", issued("refresh"), "POST").json == {"user": "ani"}
    wrong = ask("/refresh", issued(), "POST")
    assert wrong.json == {"msg": "Only refresh tokens are allowed"}
    assert wrong.status_code == (401 if ours else 422)
    assert ask("/who", issued("refresh")).json == {"msg": "Only non-refresh tokens are allowed"}


def test_a_token_in_a_cookie_needs_its_csrf_value_to_change_something(app, ask, issued):
    token = issued()
    csrf = flask_jwt_extended_csrf(app, token)
    cookies = {"access_token_cookie": token}
    assert ask("/cookie", cookies=cookies).json == {"user": "ani"}
    assert ask("/cookie", method="POST", cookies=cookies, headers={"X-CSRF-TOKEN": csrf}).json == {"user": "ani"}
    for headers, message in (
        ({}, "Missing"),
        ({"X-CSRF-TOKEN": "guessed"}, "CSRF double submit tokens do not match"),
    ):
        answer = ask("/cookie", method="POST", cookies=cookies, headers=headers)
        assert answer.status_code == 401
        assert message in answer.json["msg"]


def flask_jwt_extended_csrf(app, token):
    import jwt  # noqa: PLC0415

    return jwt.decode(token, app.config["JWT_SECRET_KEY"], algorithms=["HS256"])["csrf"]


def test_several_places_are_named_when_no_token_is_in_any(ask):
    answer = ask("/cookie")
    assert answer.status_code == 401
    assert answer.json == {
        "msg": 'Missing JWT in headers or cookies (Missing Authorization Header; Missing cookie "access_token_cookie")'
    }


def test_a_token_may_be_in_a_json_body(ask, issued):
    assert ask("/json", method="POST", json={"access_token": issued()}).json == {"user": "ani"}
    assert ask("/json", method="POST", json={}).json == {"msg": 'Missing "access_token" key in json data.'}
    assert ask("/json", method="POST", data="x").json == {"msg": "Invalid content-type. Must be application/json."}


def test_a_preflight_needs_no_token(ask):
    assert ask("/who", method="OPTIONS").status_code == 200
    assert ask("/own-options", method="OPTIONS").status_code == 200


def test_the_user_is_looked_up(app, ask, issued):
    people = {"ani": "Ani Wijaya"}
    app.manager.user_lookup_loader(lambda _header, claims: people.get(claims["sub"]))
    assert ask("/me", issued()).json == {"user": "Ani Wijaya", "same": "Ani Wijaya"}
    people.clear()
    answer = ask("/me", issued())
    assert (answer.status_code, answer.json) == (401, {"msg": "Error loading the user ani"})


def test_the_application_may_revoke(app, ask, issued):
    app.manager.token_in_blocklist_loader(lambda _header, claims: claims["sub"] == "ani")
    answer = ask("/who", issued())
    assert (answer.status_code, answer.json) == (401, {"msg": "Token has been revoked"})


def test_the_application_may_check_claims(app, ask, issued):
    app.manager.token_verification_loader(lambda _header, claims: claims["sub"] != "ani")
    answer = ask("/who", issued())
    assert (answer.status_code, answer.json) == (400, {"msg": "User claims verification failed"})


@pytest.mark.parametrize(
    ("loader", "path", "options"),
    [
        ("expired_token_loader", "/who", {"expires_delta": dt.timedelta(seconds=-1)}),
        ("needs_fresh_token_loader", "/fresh", {}),
        ("revoked_token_loader", "/who", {}),
        ("user_lookup_error_loader", "/me", {}),
        ("token_verification_failed_loader", "/fresh", {"fresh": True}),
    ],
)
def test_the_application_may_answer_about_a_token_itself(app, ask, issued, loader, path, options):  # noqa: PLR0913, PLR0917 - a table
    manager = app.manager
    manager.token_in_blocklist_loader(lambda *_: loader == "revoked_token_loader")
    manager.token_verification_loader(lambda *_: loader != "token_verification_failed_loader")
    manager.user_lookup_loader(lambda *_: None if loader == "user_lookup_error_loader" else "someone")
    getattr(manager, loader)(lambda header, claims: ({"alg": header["alg"], "sub": claims["sub"]}, 418))
    answer = ask(path, issued(**options))
    assert (answer.status_code, answer.json) == (418, {"alg": "HS256", "sub": "ani"})


@pytest.mark.parametrize(("loader", "token"), [("unauthorized_loader", None), ("invalid_token_loader", "nonsense")])
def test_the_application_may_answer_without_a_token_itself(app, ask, loader, token):
    getattr(app.manager, loader)(lambda reason: ({"reason": bool(reason)}, 418))
    answer = ask("/who", token)
    assert (answer.status_code, answer.json) == (418, {"reason": True})


def test_the_identity_may_be_another_claim(app, ask, issued):
    app.config["JWT_IDENTITY_CLAIM"] = "email"
    token = issued(additional_claims={"email": "ani@example.com"})
    assert ask("/who", token).json["user"] == "ani@example.com"


def test_asking_without_a_check_is_an_error(app, library):
    with app.test_request_context(), pytest.raises(RuntimeError):
        library.get_jwt()


# What follows is about ours alone.


def test_old_and_new_tokens_are_accepted_side_by_side_during_a_move(monkeypatch, make_token, signing_key, issued):
    app = Flask("moving")
    monkeypatch.setenv("GAPURA_ISSUER", "https://login.example")
    app.config.update(JWT_SECRET_KEY=SECRET, GAPURA_AUDIENCE="shop")
    manager = JWTManager(app)
    shared, trusted = manager.verifier(refresh=False).issuers
    keys = StaticKeySet.of(signing_key.public_jwk())
    manager = JWTManager(app, verifier=Verifier([shared, TrustedIssuer(trusted.issuer, trusted.audience, keys)]))
    library = importlib.import_module("gapura.flask_jwt_extended")
    app.add_url_rule("/who", view_func=library.jwt_required()(library.get_jwt_identity), endpoint="who")
    make_token.clock.now = time.time()
    client = app.test_client()
    for token, identity in ((issued(), "ani"), (make_token(), "7f3c")):
        assert client.get("/who", headers={"Authorization": f"Bearer {token}"}).text == identity


def test_without_a_secret_the_new_issuer_is_believed_and_no_refresh_token(monkeypatch):
    monkeypatch.delenv("GAPURA_ISSUER", raising=False)
    app = Flask("moved")
    manager = JWTManager(app)
    assert isinstance(manager.verifier(refresh=False).issuers[0], TrustedIssuer)
    library = importlib.import_module("gapura.flask_jwt_extended")
    app.add_url_rule("/refresh", view_func=library.jwt_required(refresh=True)(lambda: ""), endpoint="refresh")
    answer = app.test_client().get("/refresh", headers={"Authorization": "Bearer x"})
    assert "for the authorization server" in answer.json["msg"]


def test_a_login_counts_as_fresh_for_a_quarter_of_an_hour():
    library = importlib.import_module("gapura.flask_jwt_extended")
    app = Flask("app")
    app.config["JWT_SECRET_KEY"] = SECRET
    JWTManager(app)
    app.add_url_rule("/fresh", view_func=library.jwt_required(fresh=True)(lambda: "ok"), endpoint="fresh")
    now = int(time.time())
    for age, status in ((60, 200), (901, 401)):
        claims = {"sub": "ani", "iat": now, "exp": now + 60, "type": "access", "auth_time": now - age}
        token = sign(claims, shared_secret_key(SECRET), typ="JWT")
        answer = app.test_client().get("/fresh", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


@pytest.mark.parametrize("locations", ["query_string", ["headers", "query_string"], "nowhere", []])
def test_a_place_where_tokens_must_not_be_is_refused_where_it_is_written(locations):
    library = importlib.import_module("gapura.flask_jwt_extended")
    with pytest.raises(ConfigurationError):
        library.jwt_required(locations=locations)


def test_a_weak_secret_refuses_to_start():
    app = Flask("weak")
    app.config["JWT_SECRET_KEY"] = "super-secret"
    with pytest.raises(ConfigurationError, match="JWT_SECRET_KEY"):
        JWTManager(app)


def test_without_a_manager_it_says_what_is_missing():
    library = importlib.import_module("gapura.flask_jwt_extended")
    with Flask("bare").test_request_context(), pytest.raises(RuntimeError, match="JWTManager"):
        library.verify_jwt_in_request()


def test_loaders_for_making_tokens_are_not_here():
    with pytest.raises(AttributeError, match="makes none"):
        _ = JWTManager().additional_claims_loader
    with pytest.raises(Exception, match="Refresh tokens are for"):
        JWTManager().verifier(refresh=True)


def test_marks_can_be_read_like_those_of_the_guard():
    library = importlib.import_module("gapura.flask_jwt_extended")
    assert requirement_of(library.jwt_required()(lambda: "")).kind is Access.REQUIRED
    assert requirement_of(library.jwt_required(optional=True)(lambda: "")).kind is Access.OPTIONAL
