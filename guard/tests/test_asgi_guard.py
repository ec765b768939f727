import asyncio
import json
import sys
import types

import pytest

from gapura import MissingTokenError, Requirement
from gapura.asgi_guard import TOKEN, AsgiGuard, check, require


class Application:
    """An ASGI application that says who it is called by."""

    def __init__(self, error=None, *, late=False):
        self.error = error
        self.late = late
        self.calls = 0

    async def __call__(self, scope, _receive, send):
        self.calls += 1
        if scope["type"] == "lifespan":
            return
        if self.error and not self.late:
            raise self.error
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if self.error:
            raise self.error
        token = scope[TOKEN]
        await send({"type": "http.response.body", "body": (token.username if token else "nobody").encode()})


def call(app, path="/products", *, kind="http", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    encoded = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "scheme": "https", "headers": encoded}
    asyncio.run(app(scope, None, send))
    return sent


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def guarded(application, verifier):
    return AsgiGuard(application, public=["/docs"], verifier=verifier, realm="shop")


def test_without_a_token_the_answer_is_the_same_as_everywhere(guarded, application):
    start, body = call(guarded)
    assert start["status"] == 401
    assert dict(start["headers"])[b"www-authenticate"] == b'Bearer realm="shop"'
    assert json.loads(body["body"]) == {"msg": "Missing Authorization Header"}
    assert application.calls == 0


def test_a_good_token_gets_through_seen_before_or_not(guarded, make_token):
    token = make_token(preferred_username="ani")
    for _ in range(2):
        assert call(guarded, authorization=f"Bearer {token}")[1]["body"] == b"ani"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer a b", "Bearer \xe9"])
def test_a_bad_token_does_not(guarded, application, header):
    assert call(guarded, authorization=header)[0]["status"] in {400, 401}
    assert application.calls == 0


def test_two_headers_are_not_one_token(guarded, make_token):
    sent = []

    async def send(message):
        sent.append(message)

    header = (b"authorization", f"Bearer {make_token()}".encode())
    scope = {"type": "http", "path": "/", "method": "GET", "headers": [header, header]}
    asyncio.run(guarded(scope, None, send))
    assert sent[0]["status"] == 400


def test_a_public_path_needs_none(guarded):
    assert call(guarded, "/docs")[1]["body"] == b"nobody"
    assert call(guarded, "/docs/more")[0]["status"] == 401


def test_the_life_of_the_server_is_no_request(guarded, application):
    assert call(guarded, kind="lifespan") == []
    assert application.calls == 1


def test_a_websocket_is_closed(guarded):
    (message,) = call(guarded, kind="websocket")
    assert message == {"type": "websocket.close", "code": 1008, "reason": "Missing Authorization Header"}


def test_a_refusal_by_the_application_is_answered_too(verifier, bearer):
    guarded = AsgiGuard(Application(MissingTokenError()), verifier=verifier)
    assert call(guarded, authorization=bearer()["Authorization"])[0]["status"] == 401


def test_once_an_answer_has_begun_it_is_too_late(verifier, bearer):
    guarded = AsgiGuard(Application(MissingTokenError(), late=True), verifier=verifier)
    with pytest.raises(MissingTokenError):
        call(guarded, authorization=bearer()["Authorization"])


def test_dpop_is_asked_for_a_proof(guarded, make_token):
    answer = call(guarded, authorization=f"DPoP {make_token(cnf={'jkt': 'x' * 43})}", dpop="a.b.c", host="shop.example")
    assert b"invalid_dpop_proof" in dict(answer[0]["headers"])[b"www-authenticate"]


def test_with_no_arguments_the_environment_is_read(application):
    assert call(AsgiGuard(application))[0]["status"] == 401


def test_a_requirement_is_checked_against_the_scope(verifier, make_token, clock):
    token = verifier.verify(make_token(scope="a"))
    assert check({TOKEN: token}, Requirement(all_of=frozenset({"a"})), now=clock()) is token
    for scope in ({}, {TOKEN: None}):
        with pytest.raises(MissingTokenError):
            check(scope, Requirement(), now=clock())


def test_a_dependency_is_annotated_as_fastapi_expects(monkeypatch, verifier, make_token):
    connection = type("HTTPConnection", (), {})
    monkeypatch.setitem(sys.modules, "starlette", types.ModuleType("starlette"))
    monkeypatch.setitem(sys.modules, "starlette.requests", types.SimpleNamespace(HTTPConnection=connection))
    dependency = require("a", any_of=["b", "c"])
    assert dependency.__annotations__["request"] is connection
    token = verifier.verify(make_token(scope="a c"))
    assert dependency(types.SimpleNamespace(scope={TOKEN: token})) is token
