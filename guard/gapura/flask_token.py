"""Where a request keeps its token: in itself, so that no request ever sees the token of another."""

from typing import cast

from flask import Request, request
from werkzeug.local import LocalProxy

from gapura.token import AccessToken

_TOKEN = "gapura.token"  # noqa: S105 - the name in the WSGI environment


def set_current_token(current: Request, token: AccessToken | None) -> None:
    """Note the verified token of a request."""
    current.environ[_TOKEN] = token


def get_current_token() -> AccessToken | None:
    """Give this request's verified token, or None on a public route and where an optional one was not sent."""
    token: AccessToken | None = request.environ.get(_TOKEN)
    return token


def _require_current_token() -> AccessToken:
    token = get_current_token()
    if token is None:
        # LocalProxy turns this into False for bool(current_token), and lets it through for everything else.
        raise RuntimeError("There is no token in this request: the route is public, or its token is optional.")
    return token


current_token = cast("AccessToken", LocalProxy(_require_current_token))
"""This request's token; false where there is none."""
