"""Logs: one JSON object a line for machines, a readable line on a terminal, a request id in both.

The request id comes in with `X-Request-ID`, goes out with the answer, and is carried by every line logged in between,
so that one request can be followed through all services.
"""

import logging
import re
import sys
import time
import uuid
from typing import Literal

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.typing import Processor

from gapura_chassis.settings import ServiceSettings

REQUEST_ID_HEADER = "X-Request-ID"

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_QUIET_PATHS = frozenset({"/livez", "/readyz", "/metrics"})

log = structlog.get_logger("gapura.access")


def configure_logging(settings: ServiceSettings, service: str) -> None:
    """Send every line of this process, the libraries' included, through one formatter to standard output."""
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps, processors=_rendering(settings.log_format, service)
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _rendering(log_format: Literal["auto", "json", "text"], service: str) -> list[Processor]:
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json" or (log_format == "auto" and not sys.stdout.isatty()):
        return [remove_meta, _named(service), structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [remove_meta, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())]


def _named(service: str) -> Processor:
    def add_service(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["service"] = service
        return event

    return add_service


def log_requests(app: Flask) -> None:
    """Give every request an id and log one line when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    sent = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = sent if _ACCEPTABLE_ID.fullmatch(sent) else uuid.uuid4().hex
    g.began = time.perf_counter()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    if request.path not in _QUIET_PATHS:
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
            address=request.remote_addr,
        )
    return response
