"""The ASGI adapter under the real FastAPI."""

import base64
import json
import warnings
from hashlib import sha256
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, WebSocket
from fastapi.responses import JSONResponse
from starlette.websockets import WebSocketDisconnect

from gapura import AccessToken, SharedSecret, SharedSecretIssuer, TrustedIssuer, Verifier
from gapura.asgi_guard import AsgiGuard, require
from gapura.jose import generate_signing_key, sign
from gapura.revocation import STATUS_LIST_TYP, RevocationLists, encode_status_list, status_list_claims

with warnings.catch_warnings(action="ignore"):  # Starlette prefers httpx2, and says so on import
    from fastapi.testclient import TestClient

ISSUER, LIST = "https://login.example", "https://login.example/status-lists/1"
STATUS = {"status_list": {"uri": LIST, "idx": 3}}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def proof(key, token, url, now):
    public = {name: value for name, value in key.public_jwk().items() if name in {"kty", "crv", "x", "y"}}
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public}
    claims = {"jti": url, "htm": "GET", "htu": url, "iat": int(now), "ath": encode(sha256(token.encode()).digest())}
    signing_input = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    return f"{signing_input}.{encode(key.algorithm.signature.sign(signing_input.encode(), key.material))}"


@pytest.fixture
def application(clock):
    app = FastAPI()

    @app.get("/products")
    async def products(token: Annotated[AccessToken, Depends(require("products:read"))]):
        return {"msg": f"Hello, {token.username}!"}

    @app.delete("/products", dependencies=[Depends(require("products:write", max_age=300, fresh=True, clock=clock))])
    def delete():
        return {"msg": "gone"}

    @app.get("/anything")
    async def anything():
        return {}

    @app.get("/broken")
    async def broken():
        raise ValueError

    @app.get("/sorry")
    async def sorry():
        return JSONResponse({"msg": "sorry"}, 500)

    @app.get("/health")
    async def health():
        return {}

    @app.websocket("/live")
    async def live(websocket: WebSocket, token: Annotated[AccessToken, Depends(require())]):
        await websocket.accept()
        await websocket.send_text(token.subject)
        await websocket.close()

    return app


@pytest.fixture
def publish(world, signing_key, clock):
    def publish(*revoked):
        claims = status_list_claims(LIST, encode_status_list(revoked, size=16), now=clock(), lifetime=600)
        world.publish(LIST, sign(claims, signing_key, typ=STATUS_LIST_TYP))

    return publish


@pytest.fixture
def lists(keys, world, clock, inline_worker):
    return RevocationLists(ISSUER, keys, fetch=world, clock=clock, worker=inline_worker)


@pytest.fixture
def guarded(application, keys, lists, clock):
    verifier = Verifier([TrustedIssuer(ISSUER, "shop", keys, lists)], clock=clock)
    return AsgiGuard(application, public=["/health"], resource="https://shop.example", verifier=verifier)


@pytest.fixture
def client(guarded):
    with TestClient(guarded) as client:
        yield client


def test_every_path_is_protected_but_the_public_ones(client):
    assert client.get("/health").json() == {}
    for path in ("/anything", "/products", "/docs", "/openapi.json", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.json() == {"msg": "Missing Authorization Header"}


def test_a_dependency_gives_the_token_or_says_what_is_missing(client, bearer):
    answer = client.get("/products", headers=bearer(scope="products:read", preferred_username="ani"))
    assert answer.json() == {"msg": "Hello, ani!"}
    refused = client.get("/products", headers=bearer(scope="other"))
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert client.get("/anything", headers=bearer()).status_code == 200
    assert client.get("/anything", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_an_answer_of_500_is_still_the_applications_own(guarded, bearer):
    client = TestClient(guarded, raise_server_exceptions=False)
    assert client.get("/sorry", headers=bearer()).json() == {"msg": "sorry"}
    broken = client.get("/broken", headers=bearer())
    assert (broken.status_code, broken.text) == (500, "Internal Server Error")
    with pytest.raises(ValueError, match=r"^$"):
        TestClient(guarded).get("/broken", headers=bearer())


def test_as_a_middleware_of_the_application_it_does_the_same(application, verifier, bearer):
    application.add_middleware(AsgiGuard, verifier=verifier)
    client = TestClient(application)
    assert client.get("/products").status_code == 401
    assert client.get("/products", headers=bearer(scope="other")).status_code == 403
    assert client.get("/products", headers=bearer(scope="products:read")).status_code == 200


def test_a_recent_login_is_asked_for(client, bearer, publish, clock):
    publish()
    for age, status in ((10, 200), (301, 401)):
        headers = bearer(scope="products:write", status=STATUS, auth_time=clock() - age)
        assert client.delete("/products", headers=headers).status_code == status


def test_a_fresh_route_refuses_where_revocations_are_not_known(client, bearer, publish, lists, clock):
    headers = bearer(scope="products:write", status=STATUS, auth_time=clock())
    assert client.get("/anything", headers=headers).status_code == 200
    refused = client.delete("/products", headers=headers)
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    publish()
    lists.poll()
    assert client.delete("/products", headers=headers).status_code == 200
    publish(3)
    lists.poll()
    assert client.delete("/products", headers=headers).json() == {"msg": "Token has been revoked"}


def test_a_shared_secret_is_never_fresh_enough(application, clock):
    secret = SharedSecret("a shared secret of more than 32 bytes")
    guarded = AsgiGuard(application, verifier=Verifier([SharedSecretIssuer(secret)], clock=clock))
    now = int(clock())
    claims = {"sub": "ani", "type": "access", "scope": "products:write", "iat": now, "exp": now + 60, "auth_time": now}
    headers = {"Authorization": f"Bearer {sign(claims, secret.signing_key, typ='JWT')}"}
    assert TestClient(guarded).delete("/products", headers=headers).status_code == 503


def test_it_says_where_to_log_in(client):
    challenge = client.get("/products").headers["WWW-Authenticate"]
    url = "https://shop.example/.well-known/oauth-protected-resource"
    assert f'resource_metadata="{url}"' in challenge
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "max-age=3600"
    metadata = answer.json()
    assert metadata["resource"] == "https://shop.example"
    assert metadata["authorization_servers"] == [ISSUER]
    assert "scopes_supported" not in metadata  # RFC 9728 section 3.2: an empty list is left out


def test_a_websocket_needs_a_token_too(client, bearer):
    with client.websocket_connect("/live", headers=bearer(sub="ani")) as websocket:
        assert websocket.receive_text() == "ani"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live"):
        pass


def test_a_proof_is_for_the_public_address(guarded, make_token, clock):
    key = generate_signing_key("ES256")
    token = make_token(cnf={"jkt": key.verification_key.thumbprint})
    # Behind a proxy the request looks different: without the resource's address no proof would fit.
    client = TestClient(guarded, base_url="http://10.0.0.7:8000")
    for url, status in (("https://shop.example/anything", 200), ("http://10.0.0.7:8000/anything", 401)):
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof(key, token, url, clock())}
        assert client.get("/anything", headers=headers).status_code == status
