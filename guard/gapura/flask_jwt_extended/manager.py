from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app, g
from flask.typing import ResponseReturnValue

from gapura.errors import (
    ExpiredTokenError,
    GuardError,
    InvalidTokenError,
    MalformedRequestError,
    MissingTokenError,
    RevokedTokenError,
)
from gapura.flask_jwt_extended.errors import ClaimsVerificationError, FreshTokenRequiredError, UserLookupError
from gapura.flask_jwt_extended.locations import check_locations
from gapura.flask_jwt_extended.verifiers import access_verifier, refresh_verifier
from gapura.refusal import refuse
from gapura.verifier import Verifier

if TYPE_CHECKING:
    from gapura.flask_jwt_extended.state import JwtState

Callback = TypeVar("Callback", bound=Callable[..., Any])
REALM = "gapura"


class JWTManager:
    """Holds what tokens are verified with, and the application's own answers (the loaders).

    A loader is called as in the library: those about a token with its header and claims, the others with a sentence.
    """

    def __init__(self, app: Flask | None = None, *, verifier: Verifier | None = None) -> None:
        self._access = verifier
        self._refresh: Verifier | None = None
        self._loaders: dict[str, Callable[..., Any]] = {}
        self.locations: tuple[str, ...] = ("headers",)
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Read the application's configuration, and answer its refusals."""
        self.locations = check_locations(app.config.get("JWT_TOKEN_LOCATION", self.locations))
        self._access = self._access or access_verifier(app.config)
        self._refresh = refresh_verifier(app.config)
        app.extensions["gapura_jwt"] = self
        app.register_error_handler(GuardError, self._answer)

    def verifier(self, *, refresh: bool) -> Verifier:
        """Give what access tokens, or refresh tokens under the shared secret, are verified with."""
        verifier = self._refresh if refresh else self._access
        if verifier is None:
            raise InvalidTokenError("Refresh tokens are for the authorization server, not for this service.")
        return verifier

    def loader(self, name: str) -> Callable[..., Any] | None:
        """Give the application's own answer, if it has one."""
        return self._loaders.get(name)

    def __getattr__(self, name: str) -> Callable[[Callback], Callback]:
        # Every loader is a decorator that keeps one function; there is nothing to say about each but its name.
        if name not in _LOADERS:
            raise AttributeError(f"There is no {name!r} here: this JWTManager verifies tokens and makes none.")

        def keep(callback: Callback) -> Callback:
            self._loaders[name] = callback
            return callback

        return keep

    def _answer(self, error: GuardError) -> ResponseReturnValue:
        for kind, name, about_token in _ANSWERS:
            loader = self._loaders.get(name)
            if isinstance(error, kind) and loader is not None:
                arguments = _token_arguments() if about_token else (str(error),)
                return cast("ResponseReturnValue", loader(*arguments))
        refusal = refuse(error, realm=REALM)
        return dict(refusal.body), refusal.status, dict(refusal.headers)


def get_manager() -> JWTManager:
    """Give the manager of the current application."""
    manager = current_app.extensions.get("gapura_jwt")
    if not isinstance(manager, JWTManager):
        raise RuntimeError("JWTManager(app) comes before @jwt_required().")  # noqa: TRY004 - it is not about a type
    return manager


_LOADERS = {
    "expired_token_loader",
    "invalid_token_loader",
    "needs_fresh_token_loader",
    "revoked_token_loader",
    "token_in_blocklist_loader",
    "token_verification_failed_loader",
    "token_verification_loader",
    "unauthorized_loader",
    "user_lookup_error_loader",
    "user_lookup_loader",
}
_ANSWERS: tuple[tuple[type[GuardError], str, bool], ...] = (
    (ExpiredTokenError, "expired_token_loader", True),
    (RevokedTokenError, "revoked_token_loader", True),
    (FreshTokenRequiredError, "needs_fresh_token_loader", True),
    (UserLookupError, "user_lookup_error_loader", True),
    (ClaimsVerificationError, "token_verification_failed_loader", True),
    (MissingTokenError, "unauthorized_loader", False),
    (MalformedRequestError, "invalid_token_loader", False),
    (InvalidTokenError, "invalid_token_loader", False),
)


def _token_arguments() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    # These errors come after the signature was verified, so the text can be read and believed.
    state: JwtState = g.gapura_jwt_candidate
    return state.header, state.claims
