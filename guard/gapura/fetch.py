"""The only place of the guard that talks to a network, always in the background, to an address that was configured."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

DEADLINE = 3.0
_CHUNK = 65536
_OK, _NOT_MODIFIED = 200, 304


class FetchError(Exception):
    """A document that could not be had, in a sentence for the log."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document and its entity tag; `body` is None when it has not changed since the tag that was sent."""

    body: bytes | None
    etag: str | None = None


class Fetch(Protocol):
    """How a document is had: over HTTP, or from a test."""

    def __call__(self, url: str, *, etag: str | None = None) -> Fetched:
        """Get the document unless it still has this entity tag, or raise `FetchError`."""


class HttpFetch:
    """GET with every limit: no redirects, no compression, bounded size, and a deadline for the whole exchange.

    Connections are kept open between polls. One thread uses it at a time.
    """

    def __init__(self, *, accept: str, max_bytes: int, deadline: float = DEADLINE) -> None:
        self._headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "gapura-guard"}
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._connections: dict[tuple[int, str, str], HTTPConnection] = {}

    def __call__(self, url: str, *, etag: str | None = None) -> Fetched:
        """Get the document unless it still has this entity tag, or raise `FetchError`."""
        parts = urlsplit(url)
        connection = self._connection(parts)
        # A server that sends its headers byte by byte would never run into a socket timeout: the watchdog ends it.
        watchdog = threading.Timer(self._deadline, _hang_up, [connection])
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._exchange(connection, parts, {"If-None-Match": etag} if etag else {})
        except (HTTPError, HTTPException, OSError, ValueError, FetchError) as error:
            connection.close()
            raise FetchError(f"{url} could not be fetched: {str(error) or type(error).__name__}") from error
        finally:
            watchdog.cancel()

    def close(self) -> None:
        """Close the connections that are kept open."""
        for connection in self._connections.values():
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        # A forked child must not talk on its parent's connection.
        origin = (os.getpid(), parts.scheme, parts.netloc)
        if origin not in self._connections:
            self._connections[origin] = _connect(parts, self._deadline)
        connection = self._connections[origin]
        if not connection.is_connected:
            connection.close()
        return connection

    def _exchange(self, connection: HTTPConnection, parts: SplitResult, condition: Mapping[str, str]) -> Fetched:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={**self._headers, **condition}, preload_content=False)
        response = connection.getresponse()
        body = self._read(response)
        if response.status == _NOT_MODIFIED and condition:
            return Fetched(None, response.headers.get("ETag"))
        if response.status != _OK:
            raise FetchError(f"the answer was {response.status}")
        return Fetched(body, response.headers.get("ETag"))

    def _read(self, response: BaseHTTPResponse) -> bytes:
        # One piece at a time, as it arrives: http.client takes the socket away from the watchdog where an answer ends
        # with its connection.
        deadline = time.monotonic() + self._deadline
        body = bytearray()
        while chunk := response.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self._max_bytes:
                raise FetchError(f"the answer is larger than {self._max_bytes} bytes")
            if time.monotonic() > deadline:
                raise FetchError("the answer took too long")
        return bytes(body)


def _connect(parts: SplitResult, timeout: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=timeout, ssl_context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=timeout)


def _hang_up(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it is closed already
            connection.sock.shutdown(socket.SHUT_RDWR)
