"""The ASGI adapter, for Starlette, FastAPI and everything else that speaks ASGI; it imports none of them.

from fastapi import Depends, FastAPI
from gapura.asgi_guard import AsgiGuard, require

app = FastAPI()

@app.get("/products")
async def products(token=Depends(require("products:read"))):
    return {"msg": f"Hello, {token.username}!"}

app = AsgiGuard(app, public=["/docs", "/openapi.json"])       # every other path needs a token
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from importlib import import_module
from typing import Any

from gapura.clock import Clock
from gapura.credentials import Scheme, read_credentials
from gapura.dpop import Possession
from gapura.errors import GuardError, MissingTokenError
from gapura.refusal import Refusal, refuse
from gapura.requirement import Requirement, scopes
from gapura.settings import DEFAULT_AUDIENCE, GuardSettings
from gapura.token import AccessToken
from gapura.verifier import Verifier

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN = "gapura.token"  # noqa: S105 - the name under which the scope holds it
_POLICY_VIOLATION = 1008


class AsgiGuard:
    """A middleware that lets requests with a good token through, and those to public paths.

    The token is in `scope["gapura.token"]`. A `GuardError` that the application raises is answered like its own.
    """

    def __init__(
        self,
        app: Application,
        *,
        public: Collection[str] = (),
        verifier: Verifier | None = None,
        realm: str = DEFAULT_AUDIENCE,
    ) -> None:
        self._app = app
        self._public = frozenset(public)
        self._verifier = verifier or GuardSettings.read().verifier()
        self._realm = realm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        started = _Started(send)
        try:
            scope[TOKEN] = None if scope["path"] in self._public else await self._authenticate(scope)
            await self._app(scope, receive, started.send)
        except GuardError as error:
            if started.is_true:
                raise
            await _answer(refuse(error, realm=self._realm), scope, send)

    async def _authenticate(self, scope: Scope) -> AccessToken:
        credentials = read_credentials(_header(scope, b"authorization"))
        possession = _read_possession(scope) if credentials.scheme is Scheme.DPOP else None
        if self._verifier.knows(credentials.token):
            return self._verifier.verify(credentials.token, possession=possession)
        # The first sight of a token costs a signature, and may wait a moment for keys: not in the event loop.
        return await asyncio.to_thread(self._verifier.verify, credentials.token, possession=possession)


def require(
    *all_of: str,
    any_of: Collection[str] = (),
    max_age: int | None = None,
    acr: Collection[str] = (),
    clock: Clock = time.time,
) -> Callable[[Any], AccessToken]:
    """Make a FastAPI dependency that gives the request's token if it carries the scopes, behind an `AsgiGuard`."""
    requirement = Requirement(all_of=scopes(all_of), any_of=scopes(any_of), max_age=max_age, acr=tuple(acr))

    def dependency(request: Any) -> AccessToken:  # noqa: ANN401 - the type is Starlette's, which is not imported here
        return check(request.scope, requirement, now=clock())

    # FastAPI looks at this annotation to know what to pass.
    dependency.__annotations__["request"] = import_module("starlette.requests").HTTPConnection
    return dependency


def check(scope: Scope, requirement: Requirement, *, now: float) -> AccessToken:
    """Give a request's token if it meets a requirement, or raise a `GuardError`."""
    token: AccessToken | None = scope.get(TOKEN)
    if token is None:
        raise MissingTokenError
    requirement.check(token, now)
    return token


class _Started:
    """Notes whether an answer has begun, after which it is too late for another."""

    def __init__(self, send: Send) -> None:
        self.is_true = False
        self._send = send

    async def send(self, message: Message) -> None:
        self.is_true = True
        await self._send(message)


async def _answer(refusal: Refusal, scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal.body["msg"]})
        return
    body = json.dumps(dict(refusal.body)).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **refusal.headers}
    await send({"type": "http.response.start", "status": refusal.status, "headers": list(_encoded(headers.items()))})
    await send({"type": "http.response.body", "body": body})


def _encoded(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def _header(scope: Scope, name: bytes) -> str | None:
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def _read_possession(scope: Scope) -> Possession:
    host = _header(scope, b"host") or ""
    url = f"{scope.get('scheme', 'http')}://{host}{scope['path']}"
    return Possession(_header(scope, b"dpop") or "", scope.get("method", "GET"), url)
