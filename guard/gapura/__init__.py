"""The guard: it protects a Flask service with access tokens, scopes and revocation.

    from flask import Flask
    from gapura import Guard, current_token

    app = Flask(__name__)
    guard = Guard(app)                      # every route is protected now

    @app.get("/products")
    def products():
        return {"msg": f"Hello, {current_token.username}!"}

    @app.post("/products")
    @guard.require("products:write")        # all of these scopes; any_of=..., max_age=..., acr=..., fresh=True
    def add_product(): ...

    @app.get("/")
    @guard.public                           # anybody; @guard.optional: anybody, and a token if it is sent
    def home(): ...

What flows through it: an Authorization header becomes a token's text (`credentials`), the text an `AccessToken`
(`verifier`, with `jose` for signatures, `keys` for where keys come from, `issuers` for whom to believe, `claims` for
types), the token meets the route's `Requirement`, and every refusal is a `GuardError` that `refusal` writes to HTTP.
Settings are described by `GuardSettings`. `requirement_of(view)` reads a mark back, for documentation, and
`guard.verifier.key_statuses()` tells an operator how well the issuers' keys are known.

Beside the core: `flask_guard` (with `flask_requirement`, `flask_metadata`, `flask_cli`) and `asgi_guard` are the
adapters; `revocation` and `dpop` serve the auth service too; `flask_jwt_extended` is the old vocabulary; `testing` is
for the tests of a guarded application. `explain` says why a token is refused.

What it must never know: who users are, how they log in, any database. Nothing but the modules named after Flask, and
`testing`, imports Flask; nothing but `fetch`, in the background, touches a network.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from gapura.errors import (
    ConfigurationError,
    ExpiredTokenError,
    GuardError,
    InsufficientAuthenticationError,
    InsufficientScopeError,
    InvalidTokenError,
    KeysUnavailableError,
    MalformedRequestError,
    MissingTokenError,
    RevocationsUnavailableError,
    RevokedTokenError,
)
from gapura.issuers import SharedSecretIssuer, TrustedIssuer
from gapura.keys import KeySet, KeySetState, KeySetStatus, RemoteKeySet, SharedSecret, StaticKeySet
from gapura.refusal import Refusal, refuse
from gapura.requirement import Access, Requirement
from gapura.settings import GuardSettings
from gapura.token import AccessToken
from gapura.verifier import Verifier

if TYPE_CHECKING:
    from gapura.flask_guard import Guard, current_token, get_current_token, requirement_of

__all__ = [
    "Access",
    "AccessToken",
    "ConfigurationError",
    "ExpiredTokenError",
    "Guard",
    "GuardError",
    "GuardSettings",
    "InsufficientAuthenticationError",
    "InsufficientScopeError",
    "InvalidTokenError",
    "KeySet",
    "KeySetState",
    "KeySetStatus",
    "KeysUnavailableError",
    "MalformedRequestError",
    "MissingTokenError",
    "Refusal",
    "RemoteKeySet",
    "Requirement",
    "RevocationsUnavailableError",
    "RevokedTokenError",
    "SharedSecret",
    "SharedSecretIssuer",
    "StaticKeySet",
    "TrustedIssuer",
    "Verifier",
    "current_token",
    "get_current_token",
    "refuse",
    "requirement_of",
]

_FLASK_NAMES = {"Guard", "current_token", "get_current_token", "requirement_of"}


def __getattr__(name: str) -> object:
    # The core works without Flask: only who asks for the adapter needs it installed.
    if name in _FLASK_NAMES:
        return getattr(import_module("gapura.flask_guard"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
