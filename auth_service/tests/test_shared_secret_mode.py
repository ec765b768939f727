"""The compatibility mode, against the real Flask-JWT-Extended with its default configuration, in both directions."""

import pytest
from flask import Flask
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
)

from gapura import Guard, current_token
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError

SECRET = "a shared secret of forty characters, 12345"


@pytest.fixture
def service(open_service, sqlite_url):
    service = open_service(sqlite_url, jwt_secret_key=SECRET)
    service.clock.now = __import__("time").time()  # the library knows no other clock
    return service


@pytest.fixture
def library_app():
    """Give a service as it is written with the library."""
    app = Flask("third party")
    app.config["JWT_SECRET_KEY"] = SECRET
    JWTManager(app)

    @app.get("/protected")
    @jwt_required()
    def protected():
        claims = get_jwt()
        return {"identity": get_jwt_identity(), "type": claims["type"], "fresh": claims["fresh"]}

    @app.get("/fresh")
    @jwt_required(fresh=True)
    def fresh():
        return {}

    @app.get("/refresh")
    @jwt_required(refresh=True)
    def refresh():
        return {}

    return app


def get(app, path, token):
    return app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})


def test_the_library_accepts_our_tokens(service, library_app):
    tokens = service.tokens()
    answer = get(library_app, "/protected", tokens["access_token"])
    assert answer.status_code == 200, answer.text
    assert answer.json["type"] == "access"
    assert answer.json["identity"] == service.get("/me", tokens["access_token"]).json["id"]


def test_a_token_of_a_login_is_fresh_and_one_of_a_late_refresh_is_not(service, library_app):
    tokens = service.tokens()
    assert get(library_app, "/fresh", tokens["access_token"]).status_code == 200
    service.clock.advance(601)
    stale = service.refresh(tokens["refresh_token"]).json["access_token"]
    service.clock.advance(-601)
    import jwt  # noqa: PLC0415 -- what the library reads tokens with

    assert jwt.decode(stale, options={"verify_signature": False})["fresh"] is False


def test_our_access_token_is_no_refresh_token_of_the_library(service, library_app):
    assert get(library_app, "/refresh", service.tokens()["access_token"]).status_code == 422


def test_a_service_of_ours_accepts_what_the_library_issues(library_app, monkeypatch):
    monkeypatch.setenv("JWT_SECRET_KEY", SECRET)
    app = Flask("ours")
    Guard(app)

    @app.get("/products")
    def products():
        return {"user": current_token.username}

    with library_app.app_context():
        access, refresh = create_access_token("user1"), create_refresh_token("user1")
    answer = get(app, "/products", access)
    assert (answer.status_code, answer.json) == (200, {"user": "user1"})
    assert get(app, "/products", refresh).status_code == 401
    assert get(app, "/products", access[:-2] + "AA").status_code == 401


def test_the_auth_service_asks_more_of_a_token_than_the_library_gives(service, library_app):
    with library_app.app_context():
        plain = create_access_token("user1")
        scoped = create_access_token("user1", additional_claims={"scope": "account"})
        borrowed = create_access_token("user1", additional_claims={"scope": "account", "sid": "made up"})
    assert service.get("/me", plain).status_code == 403
    for token in (scoped, borrowed):
        answer = service.get("/me", token)
        assert (answer.status_code, answer.json) == (401, {"msg": "The session has ended: log in again."})


def test_everything_works_without_a_signing_key(service):
    tokens = service.tokens()
    assert service.refresh(tokens["refresh_token"]).status_code == 200
    assert service.call("POST", "/logout", tokens["access_token"]).status_code == 200
    assert service.rows("SELECT 1 FROM signing_keys") == []


@pytest.mark.parametrize("secret", ["", "   ", "short", "x" * 31])
def test_an_empty_or_short_secret_is_refused_by_the_name_of_the_variable(secret):
    with pytest.raises(ConfigurationError, match="JWT_SECRET_KEY"):
        AuthSettings.from_environment({"JWT_SECRET_KEY": secret})
