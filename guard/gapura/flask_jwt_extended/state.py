"""What a view asks about the token of its request."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app, g
from werkzeug.local import LocalProxy

from gapura.jose import CompactJws, parse_compact


@dataclass
class JwtState:
    """The token of one request, taken apart only when somebody asks."""

    text: str
    user: object = None

    @cached_property
    def _jws(self) -> CompactJws:
        return parse_compact(self.text)

    @cached_property
    def header(self) -> dict[str, Any]:
        """The header's members."""
        return dict(self._jws.header.parameters)

    @cached_property
    def claims(self) -> dict[str, Any]:
        """The claims, with the three that clients of the library always find."""
        return {"type": "access", "fresh": False, "jti": None, **self._jws.claims()}


def get_jwt() -> dict[str, Any]:
    """Give the claims of this request's token; empty where an optional one was not sent."""
    state = _state()
    return {} if state is None else state.claims


def get_jwt_header() -> dict[str, Any]:
    """Give the header of this request's token; empty where an optional one was not sent."""
    state = _state()
    return {} if state is None else state.header


def get_jwt_identity() -> Any:  # noqa: ANN401 - as in the library: whatever the claim holds
    """Give the claim that says who it is: `sub`, or the one of JWT_IDENTITY_CLAIM; None without a token."""
    return get_jwt().get(current_app.config.get("JWT_IDENTITY_CLAIM", "sub"))


def get_current_user() -> Any:  # noqa: ANN401 - as in the library: whatever the loader returned
    """Give what the `user_lookup_loader` made of the token; None without a token."""
    state = _state()
    return None if state is None else state.user


current_user: Any = LocalProxy(get_current_user)
"""What the `user_lookup_loader` made of this request's token."""


def set_state(state: JwtState | None) -> None:
    """Note the verified token of this request, or that none was sent."""
    g.gapura_jwt = state


def _state() -> JwtState | None:
    if "gapura_jwt" not in g:
        raise RuntimeError("The view asks for a token that nobody has checked: put @jwt_required() on it.")
    state: JwtState | None = g.gapura_jwt
    return state
