"""Everything a service can answer that is not a success, and the one place that writes it to HTTP.

Each class is a status with a sentence; handlers below turn them, Werkzeug's own errors, and whatever nobody foresaw
into `{"msg": …}` with `errors` beside it where fields are to blame.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

import orjson
import structlog
from flask import Flask, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

FieldErrors = Mapping[str, Sequence[str]]

log = structlog.get_logger("gapura.errors")


class ApiError(Exception):
    """A refusal with a status, a sentence that a person understands, and headers where the protocol asks for them."""

    status: ClassVar[HTTPStatus]

    def __init__(
        self, message: str, *, errors: FieldErrors | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})


class MalformedRequest(ApiError):
    """The request cannot be read at all."""

    status = HTTPStatus.BAD_REQUEST


class NotAuthenticated(ApiError):
    """Who is asking is not known."""

    status = HTTPStatus.UNAUTHORIZED


class Forbidden(ApiError):
    """Who is asking is known and may not."""

    status = HTTPStatus.FORBIDDEN


class NotFound(ApiError):
    """There is no such thing, or none that the caller may know of."""

    status = HTTPStatus.NOT_FOUND


class Conflict(ApiError):
    """The request contradicts what is there."""

    status = HTTPStatus.CONFLICT


class PreconditionFailed(ApiError):
    """`If-Match` names another version than the present one (RFC 9110, section 13.1.1)."""

    status = HTTPStatus.PRECONDITION_FAILED


class PreconditionRequired(ApiError):
    """A change must say which version it changes (RFC 6585, section 3)."""

    status = HTTPStatus.PRECONDITION_REQUIRED


class UnsupportedMediaType(ApiError):
    """The body is not in a format that is read here."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Invalid(ApiError):
    """Well-formed, but the values are not acceptable."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class _TryLater(ApiError):
    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, headers={"Retry-After": str(max(1, retry_after))})


class TooManyRequests(_TryLater):
    """The caller has used up its allowance; `retry_after` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Unavailable(_TryLater):
    """The service cannot do this now; `retry_after` is in seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


SENTENCES: Mapping[int, str] = {
    400: "The request is malformed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    406: "This address has no answer in a format that you accept.",
    408: "The request did not arrive in time.",
    413: "The request body is too large.",
    414: "The address is too long.",
    415: "The request body must be JSON (Content-Type: application/json).",
    431: "The request headers are too large.",
    500: "Something went wrong on our side; the log has the details under the request id of this answer.",
    503: "The service is not available at the moment; please try again shortly.",
}


def register_error_handlers(app: Flask) -> None:
    """Make every error of the application answer in the one shape."""
    app.register_error_handler(ApiError, _answer_api_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(DBAPIError, _answer_database_error)
    app.register_error_handler(PoolTimeout, _answer_database_away)
    app.register_error_handler(Exception, _answer_unforeseen)


def error_response(
    status: int,
    message: str,
    *,
    errors: FieldErrors | None = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Response:
    """Write one error to HTTP; `extra` are members that stand beside `msg`."""
    body: dict[str, object] = {"msg": message, **(extra or {})}
    if errors:
        body["errors"] = errors
    response = Response(orjson.dumps(body), status=status, content_type="application/json")
    response.headers.update(headers or {})
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _answer_api_error(error: ApiError) -> Response:
    return error_response(error.status, error.message, errors=error.errors, headers=error.headers)


def _answer_http_exception(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    kept = {name: value for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}}
    return error_response(status, SENTENCES.get(status, error.description or error.name), headers=kept)


def _answer_database_error(error: DBAPIError) -> Response:
    return _answer_database_away(error) if _is_away(error) else _answer_unforeseen(error)


def _answer_database_away(error: DBAPIError | PoolTimeout) -> Response:
    log.error("database unavailable", reason=str(getattr(error, "orig", None) or error))
    return error_response(503, SENTENCES[503], headers={"Retry-After": "1"})


def _is_away(error: DBAPIError) -> bool:
    """Whether the database cannot work now, in contrast to a statement that will never work."""
    if isinstance(error.orig, sqlite3.OperationalError):
        # "no such table" and "syntax error" are operational to SQLite's driver; locked, full, unreadable have own codes
        return error.orig.sqlite_errorcode != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError) or error.connection_invalidated


def _answer_unforeseen(error: Exception) -> Response:
    log.error("unforeseen error", exc_info=error)
    return error_response(500, SENTENCES[500])
