import pytest
from flask import Flask

from gapura import ConfigurationError, Guard, current_token
from gapura.testing import ZOO, Attack, as_user, pretend_issuer, zoo_test

SECRET = "a shared secret of more than 32 bytes"


@pytest.fixture
def app():
    app = Flask(__name__)
    guard = Guard(app, issuer="https://login.example", audience="gapura-shop")

    @app.get("/products")
    def products():
        return {"user": current_token.username, "iss": current_token.issuer, "aud": current_token.audience}

    @app.post("/products")
    @guard.require("products:write")
    def add():
        return {}

    return app


test_no_attack_gets_in = zoo_test("GET /products")


def test_the_zoo_is_large_and_every_attack_has_a_name_and_a_reference():
    assert len(ZOO) >= 60
    assert len({attack.name for attack in ZOO}) == len(ZOO)
    assert all(attack.reference for attack in ZOO)


def test_a_user_needs_no_network_and_no_login(app):
    client = as_user(app, "ani", scopes=["products:write"])
    assert client.get("/products").json == {"user": "ani", "iss": "https://login.example", "aud": ["gapura-shop"]}
    assert client.post("/products").status_code == 200
    assert as_user(app, "budi").post("/products").status_code == 403


def test_in_the_plugin_it_is_a_fixture(app, as_user, pretend_issuer):
    assert as_user("ani", preferred_username="Ani").get("/products").json["user"] == "Ani"
    assert app.test_client().get("/products", headers=pretend_issuer.headers("budi")).status_code == 200


def test_without_a_user_the_application_is_as_closed_as_ever(app):
    as_user(app, "ani")
    assert app.test_client().get("/products").status_code == 401


def test_under_a_shared_secret_it_works_alike(monkeypatch):
    monkeypatch.setenv("JWT_SECRET_KEY", SECRET)
    app = Flask(__name__)
    Guard(app)
    app.add_url_rule("/", view_func=lambda: current_token.username, endpoint="index")
    assert as_user(app, "ani").get("/").text == "ani"


def test_an_application_without_a_guard_is_told(app):
    with pytest.raises(ConfigurationError, match="no guard"):
        pretend_issuer(Flask("unguarded"))
    assert pretend_issuer(app) is pretend_issuer(app)


@pytest.mark.parametrize("name", ["id-token", "alg-none-without-signature", "expired-yesterday"])
def test_an_application_that_does_not_check_fails_the_zoo(name):
    app = Flask(__name__)
    guard = Guard(app)
    app.add_url_rule("/open", view_func=guard.public(lambda: "open"), endpoint="open")
    (attack,) = (attack for attack in ZOO if attack.name == name)
    with pytest.raises(AssertionError, match=f"{name} .* was answered with 200 OK"):
        attack.must_be_refused(app, "GET /open")


def test_a_route_that_refuses_everyone_proves_nothing(app):
    attack = Attack("nothing", "none", lambda _: "x")
    app.add_url_rule("/closed", view_func=lambda: ("closed", 401), endpoint="closed")
    with pytest.raises(AssertionError, match="refuses a good token too"):
        attack.must_be_refused(app, "GET /closed")


def test_a_refusal_without_a_challenge_is_not_enough(app):
    app.after_request(lambda response: (response.headers.pop("WWW-Authenticate", None) and response) or response)
    with pytest.raises(AssertionError, match="no WWW-Authenticate"):
        ZOO[0].must_be_refused(app, "GET /products")
