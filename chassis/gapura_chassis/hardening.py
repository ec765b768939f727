"""What every request and every answer is held to, whatever the service: limits, headers, a clean environment."""

import os
from collections.abc import MutableMapping
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge, RequestHeaderFieldsTooLarge, RequestURITooLarge

from gapura_chassis.settings import ServiceSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
LONGEST_ADDRESS = 8_192
MOST_HEADER_CHARACTERS = 32 * 1024
MOST_FORM_PARTS = 100

#: What libraries and the interpreter may still look up once the settings are read. Everything else, secrets above
#: all, leaves the environment: Granian copies it into every request.
KEPT_VARIABLES = frozenset(
    {"HOME", "LANG", "LC_ALL", "PATH", "PROMETHEUS_MULTIPROC_DIR", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ"}
)


def harden(app: Flask, settings: ServiceSettings) -> None:
    """Limit what is read of a request."""
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    app.config["MAX_FORM_PARTS"] = MOST_FORM_PARTS
    app.url_map.merge_slashes = False  # `/users//1` is nothing, and not a redirect with a page of HTML
    app.before_request(_refuse_too_much)


def _refuse_too_much() -> None:
    environ = request.environ
    if len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    # Granian's own limit is that of a buffer, and lets one long header pass
    if sum(len(value) for name, value in environ.items() if name.startswith("HTTP_")) > MOST_HEADER_CHARACTERS:
        raise RequestHeaderFieldsTooLarge
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" in environ:
        _read_chunked_body(environ)


def _read_chunked_body(environ: "WSGIEnvironment") -> None:
    """Read a body of unknown length here: Werkzeug would cut it off at the limit without a word."""
    limit = request.max_content_length or 0
    body = b""
    while len(body) <= limit and (part := environ["wsgi.input"].read(limit + 1 - len(body))):
        body += part
    if len(body) > limit:
        raise RequestEntityTooLarge
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))


def security_headers(*, https: bool) -> dict[str, str]:
    """Return the headers of an answer of an API; `envelope` adds those that an answer does not set itself."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": API_CONTENT_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def scrub_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Take everything out of the process environment that nothing needs any more."""
    for name in [name for name in environ if name not in KEPT_VARIABLES]:
        del environ[name]
