"""Granian without Flask and without a token check: shows how much the load generator can measure at all."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bench.peers.answer import answer_bytes
from bench.peers.trust import USERNAME

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY = answer_bytes(USERNAME)
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def application(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer everything with the same bytes."""
    start_response("200 OK", HEADERS)
    return [BODY]
