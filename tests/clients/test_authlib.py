"""Authlib, the client of most Python servers."""

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import Flask, redirect, url_for
from flask import session as cookie
from joserfc.jwk import ECKey

from tests.clients.registered import CALLBACK, GOODBYE

pytestmark = pytest.mark.e2e

SCOPE = "openid profile email offline_access"


@pytest.fixture(scope="module")
def key():
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@pytest.fixture(scope="module")
def client(operator):
    return operator.create_for_people("web")


@pytest.fixture(scope="module")
def metadata(client):
    return requests.get(client.discovery, timeout=30).json()


@pytest.fixture
def basic(client):
    way_back = {"scope": SCOPE, "redirect_uri": CALLBACK}
    with OAuth2Session(client.id, client.secret, code_challenge_method="S256", **way_back) as session:
        yield session


@pytest.fixture
def with_key(operator, key, metadata):
    client = operator.create_for_people("web", "--auth", "private_key_jwt", jwks={"keys": [key.as_dict(private=False)]})
    proof = PrivateKeyJWT(metadata["token_endpoint"], alg="ES256")
    with OAuth2Session(
        client.id,
        key,
        scope=SCOPE,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=proof,
        revocation_endpoint_auth_method=proof,
    ) as session:
        yield session


@pytest.mark.parametrize("method", ["basic", "with_key"])
def test_code_with_pkce_refresh_userinfo_and_revocation(request, method, metadata, person):
    client = request.getfixturevalue(method)
    verifier = generate_token(48)
    address, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    callback = person.visit(address, CALLBACK)
    assert person.seen == ["signin", "consent"]
    first = client.fetch_token(
        metadata["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier
    )
    assert client.get(metadata["userinfo_endpoint"]).json()["preferred_username"] == "user1"

    second = client.refresh_token(metadata["token_endpoint"])
    third = client.refresh_token(metadata["token_endpoint"])
    assert len({token["access_token"] for token in (first, second, third)}) == 3
    assert client.get(metadata["userinfo_endpoint"]).json()["sub"]

    assert client.introspect_token(metadata["introspection_endpoint"], third["access_token"]).json()["active"]
    assert client.revoke_token(metadata["revocation_endpoint"], third["refresh_token"]).status_code == 200
    assert client.introspect_token(metadata["introspection_endpoint"], third["access_token"]).json() == {
        "active": False
    }


@pytest.mark.parametrize("by_key", [False, True])
def test_client_credentials_open_a_service(operator, system, key, metadata, by_key):
    scope = ("--scope", "products:read")
    if by_key:
        client = operator.create(
            "machine", *scope, "--auth", "private_key_jwt", jwks={"keys": [key.as_dict(private=False)]}
        )
        secret = key
        proof = PrivateKeyJWT(metadata["token_endpoint"], alg="ES256")
    else:
        client = operator.create("machine", *scope)
        secret, proof = client.secret, "client_secret_basic"
    with OAuth2Session(client.id, secret, scope="products:read", token_endpoint_auth_method=proof) as machine:
        machine.fetch_token(metadata["token_endpoint"])
        assert machine.get(f"{system.products.address}/products").json()["products"][0]["name"] == "Laptop XYZ"


def flask_server(client):
    """Return a server with the login, the refresh and the logout that Authlib has for Flask."""
    app = Flask("server")
    app.secret_key = generate_token(32)
    oauth = OAuth(app)
    oauth.register(
        "gapura",
        client_id=client.id,
        client_secret=client.secret,
        server_metadata_url=client.discovery,
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login():
        return oauth.gapura.authorize_redirect(CALLBACK)

    @app.get("/callback")
    def callback():
        token = oauth.gapura.authorize_access_token()
        cookie["id_token"] = token["id_token"]
        return {"validated": token["userinfo"], "asked_for": oauth.gapura.userinfo(token=token)}

    @app.get("/logout")
    def logout():
        return oauth.gapura.logout_redirect(GOODBYE, cookie.pop("id_token"))

    @app.get("/goodbye")
    def goodbye():
        return redirect(oauth.gapura.validate_logout_response() and url_for("login"))

    return app


def test_flask_integration_validates_the_id_token_and_logs_out(client, person):
    browser = flask_server(client).test_client()
    callback = person.visit(browser.get("http://127.0.0.1/login").location, CALLBACK)
    shown = browser.get(callback).json
    assert shown["validated"]["iss"] == client.issuer
    assert shown["validated"]["sub"] == shown["asked_for"]["sub"]
    assert shown["asked_for"]["preferred_username"] == "user1"

    goodbye = person.visit(browser.get("http://127.0.0.1/logout").location, GOODBYE)
    assert browser.get(goodbye).location == "/login"
    person.seen.clear()
    person.visit(browser.get("http://127.0.0.1/login").location, CALLBACK)
    assert person.seen == ["signin"]  # consent is remembered, the login is not
