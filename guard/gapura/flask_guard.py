"""The Flask adapter: decorators that mark views, and one hook before each request that checks the marks."""

import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, Request, Response, current_app, request

from gapura.clock import Clock
from gapura.credentials import Scheme, read_credentials
from gapura.dpop import Possession
from gapura.errors import ConfigurationError, GuardError
from gapura.flask_cli import guard_commands
from gapura.flask_metadata import serve_metadata
from gapura.flask_requirement import requirement_at, requirement_of
from gapura.flask_token import current_token, get_current_token, set_current_token
from gapura.refusal import refuse
from gapura.requirement import OPTIONAL, PUBLIC, REQUIRED, Access, Requirement, mark, scopes
from gapura.settings import DEFAULT_AUDIENCE, GuardSettings
from gapura.token import AccessToken
from gapura.verifier import Verifier

if TYPE_CHECKING:
    from gapura.metadata import ProtectedResource

__all__ = ["Guard", "current_token", "get_current_token", "requirement_of"]

View = TypeVar("View", bound=Callable[..., object])


class Guard:
    """Protects every route of a Flask application that does not say otherwise.

    With no arguments the settings come from the environment (see `GuardSettings`); a `verifier` replaces them all.
    Raises `ConfigurationError` when the application must not start.
    """

    def __init__(  # noqa: PLR0913 - each is one independent setting
        self,
        app: Flask | None = None,
        *,
        issuer: str | None = None,
        audience: str | None = None,
        jwks_uri: str | None = None,
        resource: str | None = None,
        verifier: Verifier | None = None,
        realm: str | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._read_settings = partial(
            GuardSettings.read, issuer=issuer, audience=audience, jwks_uri=jwks_uri, resource=resource
        )
        self._verifier = verifier
        self._now = clock
        self._resource: ProtectedResource | None = None
        self.marked: list[object] = []
        """Every view that was marked, so that `flask guard routes` finds marks that got lost."""
        self.realm = realm or audience or DEFAULT_AUDIENCE
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Protect an application; the settings are read now."""
        settings = self._read_settings()
        if self._verifier is None:
            self._verifier = settings.verifier()
        if settings.resource is not None:
            self._resource = settings.resource
            serve_metadata(app, settings.resource, lambda: self.verifier)
        app.extensions["gapura"] = self
        app.before_request(self._hook(app.view_functions))
        app.register_error_handler(GuardError, self._answer)
        app.cli.add_command(guard_commands)

    @property
    def verifier(self) -> Verifier:
        """What tokens are verified with: its issuers' keys have a status for /readyz and metrics."""
        if self._verifier is None:
            raise ConfigurationError("The guard protects no application yet: call init_app(app).")
        return self._verifier

    def use_verifier(self, verifier: Verifier) -> None:
        """Verify tokens with this from now on: `gapura.testing` puts its own issuer in place of the real one."""
        self._verifier = verifier

    def public(self, view: View) -> View:
        """Mark a view that anybody may call."""
        return self._mark(view, PUBLIC)

    def optional(self, view: View) -> View:
        """Mark a view that anybody may call, and that knows who it is if a token is sent."""
        return self._mark(view, OPTIONAL)

    def require(
        self,
        *all_of: str,
        any_of: Collection[str] = (),
        max_age: int | None = None,
        acr: Collection[str] = (),
        fresh: bool = False,
    ) -> Callable[[View], View]:
        """Mark a view that needs scopes, a recent or strong login (RFC 9470), or up-to-date revocations."""
        requirement = Requirement(
            all_of=scopes(all_of), any_of=scopes(any_of), max_age=max_age, acr=tuple(acr), fresh=fresh
        )
        return lambda view: self._mark(view, requirement)

    def _mark(self, view: View, requirement: Requirement) -> View:
        mark(view, requirement)
        self.marked.append(view)
        return view

    def _hook(self, views: Mapping[str, object]) -> Callable[[], None]:
        def check_request() -> None:
            # The context's proxies cost a microsecond each time: what is behind them is asked for once.
            current: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
            requirement = requirement_at(current, views)
            if requirement.kind is not Access.PUBLIC:
                set_current_token(current, self._authorize(requirement, current))

        return check_request

    def _authorize(self, requirement: Requirement, current: Request) -> AccessToken | None:
        header: str | None = current.environ.get("HTTP_AUTHORIZATION")
        if header is None and requirement.kind is Access.OPTIONAL:
            return None
        scheme, token = read_credentials(header)
        possession = _read_possession(current, self._resource) if scheme is Scheme.DPOP else None
        verified = self.verifier.verify(token, fresh=requirement.fresh, possession=possession)
        if requirement is not REQUIRED:
            requirement.check(verified, self._now())
        return verified

    def _answer(self, error: GuardError) -> Response:
        refusal = refuse(error, realm=self.realm, resource=self._resource)
        response: Response = current_app.make_response((dict(refusal.body), refusal.status, dict(refusal.headers)))
        return response


def _read_possession(current: Request, resource: "ProtectedResource | None") -> Possession:
    url = current.base_url if resource is None else f"{resource.origin}{current.root_path}{current.path}"
    return Possession(current.environ.get("HTTP_DPOP", ""), current.method, url)
