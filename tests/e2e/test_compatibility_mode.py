"""Item 6 of the contract: a service that somebody else wrote with Flask-JWT-Extended, and the same secret for all."""

import threading
from datetime import timedelta

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
from werkzeug.serving import make_server

from tests.conftest import SHARED_SECRET
from tests.running.http import ask

pytestmark = pytest.mark.e2e


def their_app(**config: str) -> Flask:
    app = Flask("theirs")
    app.config.update(JWT_SECRET_KEY=SHARED_SECRET, **config)
    JWTManager(app)

    @app.get("/protected")
    @jwt_required()
    def protected():
        return {"identity": get_jwt_identity(), "username": get_jwt().get("preferred_username")}

    @app.get("/fresh")
    @jwt_required(fresh=True)
    def fresh():
        return {"identity": get_jwt_identity()}

    return app


@pytest.fixture
def serve():
    """Serve an app on a free port; returns its address."""
    servers = []

    def run(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield run
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_their_service_accepts_our_tokens(shared_secret_system, serve):
    answer = ask("GET", f"{serve(their_app())}/protected", token=shared_secret_system.token())
    assert answer.status == 200
    me = shared_secret_system.auth.get("/me", token=shared_secret_system.token()).json
    assert answer.json == {"identity": me["id"], "username": "user1"}


def test_their_service_sees_the_name_as_identity_when_it_asks_for_that_claim(shared_secret_system, serve):
    address = serve(their_app(JWT_IDENTITY_CLAIM="preferred_username"))
    assert ask("GET", f"{address}/protected", token=shared_secret_system.token()).json["identity"] == "user1"


def test_their_service_takes_a_token_from_a_login_as_fresh(shared_secret_system, serve):
    assert ask("GET", f"{serve(their_app())}/fresh", token=shared_secret_system.token()).status == 200


def test_our_services_accept_their_tokens(shared_secret_system):
    with their_app().app_context():
        token = create_access_token(identity="budi")
    greeting = shared_secret_system.users.get("/users", token=token)
    assert (greeting.status, greeting.json["msg"]) == (200, "Selamat datang, budi!")
    products = shared_secret_system.products.get("/products", token=token)
    assert (products.status, products.json["msg"]) == (200, "Daftar produk berhasil diambil oleh user: budi")


def test_their_refresh_tokens_and_expired_tokens_are_refused(shared_secret_system):
    with their_app().app_context():
        refresh = create_refresh_token(identity="budi")
        expired = create_access_token(identity="budi", expires_delta=timedelta(minutes=-5))
    assert shared_secret_system.users.get("/users", token=refresh).json == {
        "msg": "Only non-refresh tokens are allowed"
    }
    assert shared_secret_system.products.get("/products", token=expired).json == {"msg": "Token has expired"}


def test_a_token_under_another_secret_is_refused(shared_secret_system):
    with their_app().app_context() as context:
        context.app.config["JWT_SECRET_KEY"] = "another secret of more than thirty-two bytes"
        token = create_access_token(identity="budi")
    assert shared_secret_system.users.get("/users", token=token).status == 401
    assert shared_secret_system.products.get("/products", token=token).status == 401


def test_without_a_shared_secret_their_tokens_are_refused(system):
    with their_app().app_context():
        token = create_access_token(identity="budi")
    assert system.users.get("/users", token=token).status == 401
    assert system.products.get("/products", token=token).status == 401
