"""Pages of browser clients may read what is answered to their client, and nobody else's pages may."""

from dataclasses import replace

import pytest

from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.store.clients import StoredClient, insert_client

SPA = Client(
    id="spa",
    presentation=ClientPresentation("SPA"),
    authentication=ClientAuthentication.NONE,
    redirect_uris=("https://app.example/callback", "com.example:/callback"),
    scopes=frozenset({"openid"}),
)
HOME = "https://app.example"


@pytest.fixture
def spa(service):
    server = replace(SPA, id="server", authentication=ClientAuthentication.PRIVATE_KEY_JWT)
    with service.database.write() as connection:
        for client in (SPA, server):
            insert_client(connection, StoredClient(client=client, created_at=service.clock()))
    return service


def ask(service, origin, client_id="spa", path="/oauth/token"):
    form = {"client_id": client_id, "grant_type": "authorization_code", "code": "x", "code_verifier": "x" * 43}
    return service.call("POST", path, data=form, headers={"Origin": origin})


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_a_page_of_the_client_may_read_even_a_refusal(spa, path):
    answer = ask(spa, HOME, path=path)
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == HOME
    assert "DPoP-Nonce" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("origin", "client_id"),
    [
        ("https://evil.example", "spa"),
        ("http://app.example", "spa"),
        ("https://app.example:8443", "spa"),
        ("https://app.example.evil.example", "spa"),
        ("null", "spa"),
        ("com.example://", "spa"),
        (HOME, "nobody"),
        (HOME, "server"),
        (HOME, "x" * 3000),
    ],
)
def test_other_pages_may_not(spa, origin, client_id):
    assert "Access-Control-Allow-Origin" not in ask(spa, origin, client_id).headers


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/userinfo", "/oauth/revoke"])
def test_a_preflight_is_answered(spa, path):
    headers = {"Origin": HOME, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "dpop"}
    answer = spa.call("OPTIONS", path, headers=headers)
    assert answer.headers["Access-Control-Allow-Origin"] == HOME
    assert "DPoP" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "path",
    ["/.well-known/jwks.json", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
)
def test_what_is_public_can_be_read_by_every_page(spa, path):
    answer = spa.get(path, headers={"Origin": "https://anybody.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/oauth/introspect", "/signin", "/device", "/me", "/login"])
def test_everything_else_stays_closed(spa, path):
    for method in ("GET", "POST", "OPTIONS"):
        answer = spa.call(method, path, headers={"Origin": HOME})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_too_large_to_be_read_is_refused_as_always(spa):
    answer = spa.call("POST", "/oauth/token", data={"client_id": "x" * 70_000}, headers={"Origin": HOME})
    assert answer.status_code == 413
    assert "Access-Control-Allow-Origin" not in answer.headers
    many = {f"p{number}": "x" for number in range(200)}
    assert spa.call("POST", "/oauth/token", data=many, headers={"Origin": HOME}).status_code == 400
