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
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, MutableMapping
from functools import partial
from importlib import import_module
from typing import Any

from gapura.clock import Clock
from gapura.credentials import Scheme, read_credentials
from gapura.dpop import Possession
from gapura.errors import GuardError, MissingTokenError
from gapura.metadata import METADATA_MAX_AGE, ProtectedResource
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
CHECK_FRESH = "gapura.check_fresh"
"""The name under which the scope holds what raises a `GuardError` unless revocations are known up to date."""
_POLICY_VIOLATION = 1008
_SERVER_ERROR = 500
_METADATA_HEADERS = {"Cache-Control": f"max-age={METADATA_MAX_AGE}"}


class AsgiGuard:
    """A middleware that lets requests with a good token through, and those to public paths.

    The token is in `scope["gapura.token"]`. A `GuardError` that the application raises is answered like its own. With
    `resource`, the service's public address, it says where to log in (RFC 9728), and DPoP proofs are for that address.
    """

    def __init__(
        self,
        app: Application,
        *,
        public: Collection[str] = (),
        resource: str | None = None,
        verifier: Verifier | None = None,
        realm: str = DEFAULT_AUDIENCE,
    ) -> None:
        settings = GuardSettings.read(resource=resource)
        self._app = app
        self._public = frozenset(public)
        self._resource = settings.resource
        self._verifier = verifier or settings.verifier()
        self._realm = realm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        if self._resource is not None and scope["path"] == self._resource.metadata_path:
            await _answer_json(200, self._metadata(self._resource), _METADATA_HEADERS, send)
            return
        started = _Started(send)
        try:
            scope[TOKEN] = None if scope["path"] in self._public else await self._authenticate(scope)
            await self._app(scope, receive, started.send)
        except GuardError as error:
            if started.is_true:
                raise
            await _answer(refuse(error, realm=self._realm, resource=self._resource), scope, send)
        except BaseException:
            await started.release()
            raise
        else:
            await started.release()

    def _metadata(self, resource: ProtectedResource) -> Mapping[str, object]:
        return resource.metadata({issuer.issuer for issuer in self._verifier.issuers if issuer.issuer}, ())

    async def _authenticate(self, scope: Scope) -> AccessToken:
        credentials = read_credentials(_header(scope, b"authorization"))
        scope[CHECK_FRESH] = partial(self._verifier.check_fresh, credentials.token)
        possession = _read_possession(scope, self._resource) if credentials.scheme is Scheme.DPOP else None
        if self._verifier.knows(credentials.token):
            return self._verifier.verify(credentials.token, possession=possession)
        # The first sight of a token costs a signature, and may wait a moment for keys: not in the event loop.
        return await asyncio.to_thread(self._verifier.verify, credentials.token, possession=possession)


def require(
    *all_of: str,
    any_of: Collection[str] = (),
    max_age: int | None = None,
    acr: Collection[str] = (),
    fresh: bool = False,
    clock: Clock = time.time,
) -> Callable[[Any], AccessToken]:
    """Make a FastAPI dependency that gives the request's token if it carries the scopes, behind an `AsgiGuard`.

    `fresh` refuses (503) while revocations are not known up to date, as on a Flask route.
    """
    requirement = Requirement(
        all_of=scopes(all_of), any_of=scopes(any_of), max_age=max_age, acr=tuple(acr), fresh=fresh
    )

    def dependency(request: Any) -> AccessToken:  # noqa: ANN401 - the type is Starlette's, which is not imported here
        return check(request.scope, requirement, now=clock())

    # FastAPI looks at this annotation to know what to pass.
    dependency.__annotations__["request"] = import_module("starlette.requests").HTTPConnection
    return dependency


def check(scope: Scope, requirement: Requirement, *, now: float) -> AccessToken:
    """Give a request's token if it meets a requirement, or raise a `GuardError`; `fresh` may wait for a list."""
    token: AccessToken | None = scope.get(TOKEN)
    if token is None:
        raise MissingTokenError
    if requirement.fresh:
        scope[CHECK_FRESH]()
    requirement.check(token, now)
    return token


class _Started:
    """Notes whether an answer has begun, after which it is too late for another.

    Starlette answers an error that it does not know with 500, and raises it again. So an answer of 500 is held back
    until the application has ended: if that was with a refusal, the refusal is the answer.
    """

    def __init__(self, send: Send) -> None:
        self.is_true = False
        self._send = send
        self._held: list[Message] = []

    async def send(self, message: Message) -> None:
        if self._held or message.get("status") == _SERVER_ERROR:
            self._held.append(message)
            return
        self.is_true = True
        await self._send(message)

    async def release(self) -> None:
        for message in self._held:
            await self._send(message)
        self._held.clear()


async def _answer(refusal: Refusal, scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal.body["msg"]})
        return
    await _answer_json(refusal.status, refusal.body, refusal.headers, send)


async def _answer_json(status: int, content: Mapping[str, object], more: Mapping[str, str], send: Send) -> None:
    body = json.dumps(dict(content)).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **more}
    await send({"type": "http.response.start", "status": status, "headers": list(_encoded(headers.items()))})
    await send({"type": "http.response.body", "body": body})


def _encoded(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def _header(scope: Scope, name: bytes) -> str | None:
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def _read_possession(scope: Scope, resource: ProtectedResource | None) -> Possession:
    host = _header(scope, b"host") or ""
    origin = f"{scope.get('scheme', 'http')}://{host}" if resource is None else resource.origin
    return Possession(_header(scope, b"dpop") or "", scope.get("method", "GET"), f"{origin}{scope['path']}")
