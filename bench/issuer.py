"""The issuer that our guard asks for keys and revocations, as the auth service would answer: a thread on loopback."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import MappingProxyType

import orjson

from bench.credentials import LIFETIME, STATUS_LIST_PATH, Credentials
from gapura.jose import sign
from gapura.revocation import STATUS_LIST_TYP, encode_status_list, status_list_claims

LIST_SIZE = 100_000
ETAG = '"1"'


class _Documents(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    documents: Mapping[str, bytes] = MappingProxyType({})

    def do_GET(self) -> None:
        """Answer with the document, or with 304 to whoever holds it."""
        body = self.documents.get(self.path)
        unchanged = body is not None and self.headers["If-None-Match"] == ETAG
        self.send_response(304 if unchanged else 200 if body else 404)
        self.send_header("ETag", ETAG)
        self.send_header("Content-Length", "0" if unchanged else str(len(body or b"")))
        self.end_headers()
        self.wfile.write(b"" if unchanged else body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing."""


@contextmanager
def running_issuer() -> Iterator[Credentials]:
    """Serve keys and a status list of 100,000 sessions; yields the credentials that belong to them."""

    class Handler(_Documents):
        """The documents of this issuer."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        credentials = Credentials(f"http://127.0.0.1:{server.server_port}")
        Handler.documents = _documents(credentials)
        Thread(target=server.serve_forever, name="issuer", daemon=True).start()
        try:
            yield credentials
        finally:
            server.shutdown()


def _documents(credentials: Credentials) -> dict[str, bytes]:
    status_list = encode_status_list(range(0, LIST_SIZE, 1000), size=LIST_SIZE)
    uri = credentials.issuer + STATUS_LIST_PATH
    claims = status_list_claims(uri, status_list, now=time.time(), lifetime=LIFETIME)
    return {
        "/.well-known/jwks.json": orjson.dumps({"keys": [credentials.key.public_jwk()]}),
        STATUS_LIST_PATH: sign(claims, credentials.key, typ=STATUS_LIST_TYP).encode(),
    }
