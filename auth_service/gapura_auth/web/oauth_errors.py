"""The one place that writes errors of the protocol to HTTP (RFC 6749, section 5.2)."""

from collections.abc import Mapping

import orjson
from flask import Flask, Response

from gapura_auth.oauth.errors import OAuthError


def register_oauth_errors(app: Flask) -> None:
    """Answer every `OAuthError` that a view raises."""
    app.register_error_handler(OAuthError, answer_oauth_error)


def answer_oauth_error(error: OAuthError) -> Response:
    """Return the answer to an error."""
    return oauth_error_response(error.code, error.description, error.status, error.headers)


def oauth_error_response(code: str, description: str, status: int, headers: Mapping[str, str]) -> Response:
    """Write an error and its description; nobody may keep the answer."""
    body = orjson.dumps({"error": code, "error_description": description})
    response = Response(body, status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    response.headers.update(headers)
    return response
