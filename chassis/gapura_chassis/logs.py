"""Logs: one JSON object a line for machines, a readable line on a terminal, a request id in both.

The request id comes in with `X-Request-ID`, goes out with the answer (`envelope`), and is carried by every line logged
in between, so that one request can be followed through all services. A line never holds a query string, a header or a
body: passwords, codes and tokens travel there.
"""

import json
import logging
import re
import sys

import orjson
import structlog
from structlog.typing import EventDict, Processor

from gapura_chassis.envelope import current_request_id
from gapura_chassis.log_output import LineHandler, LineLogger
from gapura_chassis.settings import ServiceSettings

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def configure_logging(settings: ServiceSettings, service: str) -> None:
    """Send every line of this process, the libraries' included, through the same steps to standard output.

    Our own lines go there directly: the way through the standard library's handlers costs four times as much.
    """
    steps: list[Processor] = [
        _with_request_id,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
    ]
    rendering = _rendering(as_json=_wants_json(settings))
    structlog.configure(
        processors=[*steps, *rendering],
        logger_factory=LineLogger,
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=False,  # a module's logger would keep the steps of the first configuration
    )
    _configure_libraries(settings.log_level.upper(), steps, rendering)


def _configure_libraries(level: str, steps: list[Processor], rendering: list[Processor]) -> None:
    handler = LineHandler()
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=steps, processors=[remove_meta, *rendering])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def _wants_json(settings: ServiceSettings) -> bool:
    return settings.log_format == "json" or (settings.log_format == "auto" and not sys.stdout.isatty())


def _rendering(*, as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_to_json)]
    # the default prints local variables where the package rich is installed: passwords and tokens are among them
    plain = structlog.dev.plain_traceback
    return [_printable, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=plain)]


def _to_json(event: EventDict, **_options: object) -> str:
    try:
        return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # half a surrogate pair, or an integer beyond 64 bits
        return json.dumps(event, default=repr, skipkeys=True)


def _printable(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Escape what would move a terminal's cursor, change its colours or fake another line."""
    return {key: _escape(value) if isinstance(value, str) else value for key, value in event.items()}


def _escape(text: str) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _with_request_id(_logger: object, _method: str, event: EventDict) -> EventDict:
    if request_id := current_request_id.get():
        event["request_id"] = request_id
    return event


def _named(service: str) -> Processor:
    def add_service(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add_service
