import pytest
from flask import Flask

from gapura import ConfigurationError, Guard
from gapura.metadata import ProtectedResource


@pytest.mark.parametrize(
    ("identifier", "url"),
    [
        ("https://shop.example", "https://shop.example/.well-known/oauth-protected-resource"),
        ("https://shop.example/", "https://shop.example/.well-known/oauth-protected-resource"),
        ("https://shop.example:8443/api/v1", "https://shop.example:8443/.well-known/oauth-protected-resource/api/v1"),
    ],
)
def test_the_well_known_name_stands_before_the_path(identifier, url):
    assert ProtectedResource(identifier).metadata_url == url


@pytest.mark.parametrize(
    "identifier", ["", "shop.example", "ftp://shop.example", "https://x.example?a", "https://x.example#a"]
)
def test_what_is_no_address_is_refused(identifier):
    with pytest.raises(ConfigurationError):
        ProtectedResource(identifier)


@pytest.fixture
def client(verifier, clock):
    app = Flask(__name__)
    guard = Guard(app, resource="https://shop.example/api", verifier=verifier, clock=clock)
    app.add_url_rule("/a", view_func=guard.require("b", any_of=["c"])(lambda: ""), endpoint="a", methods=["POST"])
    app.add_url_rule("/z", view_func=guard.require("a")(lambda: ""), endpoint="z")
    return app.test_client()


def test_a_stranger_finds_out_where_to_log_in(client):
    refused = client.get("/z")
    assert refused.json == {"msg": "Missing Authorization Header"}
    address = "https://shop.example/.well-known/oauth-protected-resource/api"
    assert f'resource_metadata="{address}"' in refused.headers["WWW-Authenticate"]
    answer = client.get("/.well-known/oauth-protected-resource/api")
    assert answer.status_code == 200
    assert answer.json["resource"] == "https://shop.example/api"
    assert answer.json["authorization_servers"] == ["https://login.example"]
    assert answer.json["scopes_supported"] == ["a", "b", "c"]
    assert answer.json["bearer_methods_supported"] == ["header"]
    assert "none" not in answer.json["dpop_signing_alg_values_supported"]


def test_the_address_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("GAPURA_RESOURCE", "https://shop.example")
    app = Flask(__name__)
    Guard(app)
    assert app.test_client().get("/.well-known/oauth-protected-resource").status_code == 200


def test_without_an_address_nothing_is_said(verifier):
    app = Flask(__name__)
    Guard(app, verifier=verifier)
    assert app.test_client().get("/.well-known/oauth-protected-resource").status_code == 404
