"""What surrounds every request of a service: an id, a clock, security headers, a count, and one line in the log.

It stands at the WSGI border, outside of Flask: there a request costs one function call, where each of Flask's hooks
takes its own look at the request. Together with `service_app` this brought a guarded request from 132 to 70 µs
(bench/profile_request.py, the least of 3,000).
"""

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import structlog

from gapura_chassis.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID_HEADER = "X-Request-ID"

#: The id of the request that this thread is answering; every log line carries it.
current_request_id: ContextVar[str | None] = ContextVar("gapura_request_id", default=None)

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_QUIET_PATHS = frozenset({"/livez", "/readyz", "/metrics"})

log = structlog.get_logger("gapura.access")


class Envelope:
    """WSGI middleware around a service's application."""

    def __init__(self, application: "WSGIApplication", *, headers: Mapping[str, str], metrics: Metrics) -> None:
        """Surround an application; `headers` go onto every answer that does not set its own."""
        self._application = application
        self._headers = {name.lower(): (name, value) for name, value in headers.items()}
        self._metrics = metrics

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        request_id = _request_id(environ)
        current_request_id.set(request_id)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:  # noqa: ANN401 -- WSGI's own
            self._note(environ, int(status[:3]), time.perf_counter() - began)
            given = {name.lower() for name, _ in headers}
            headers += [header for name, header in self._headers.items() if name not in given]
            headers.append((REQUEST_ID_HEADER, request_id))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._application(environ, start)

    def _note(self, environ: "WSGIEnvironment", status: int, seconds: float) -> None:
        self._metrics.observe(environ["REQUEST_METHOD"], _route(environ), status, seconds)
        path = environ["PATH_INFO"]
        if path not in _QUIET_PATHS:
            log.info(
                "request",
                method=environ["REQUEST_METHOD"],
                path=path.encode("latin-1", "replace").decode("utf-8", "replace"),  # as WSGI transports it (PEP 3333)
                status=status,
                milliseconds=round(seconds * 1000, 1),
                address=environ.get("REMOTE_ADDR"),
            )


def _request_id(environ: "WSGIEnvironment") -> str:
    sent = environ.get("HTTP_X_REQUEST_ID", "")
    return sent if _ACCEPTABLE_ID.fullmatch(sent) else secrets.token_hex(16)


def _route(environ: "WSGIEnvironment") -> str | None:
    """Return the rule that answered, not the path: paths are the caller's choice."""
    request = environ.get("werkzeug.request")
    rule = getattr(request, "url_rule", None)
    return rule.rule if rule is not None else None
