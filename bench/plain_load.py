"""A load generator of our own, for machines without Node.js: same order, same result as `load.js`.

One thread asks all connections in turn, each again as soon as it has answered.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LARGEST = 65536


@dataclass(slots=True)
class Tally:
    """What has come back so far."""

    answered: int = 0
    refused: int = 0
    failed: int = 0
    waits: list[float] = field(default_factory=list)

    def note(self, answer: bytes, wait: float) -> None:
        """Count one answer."""
        if answer.startswith(b"HTTP/1.1 200"):
            self.answered += 1
        else:
            self.refused += 1
        self.waits.append(wait)

    def result(self, seconds: float) -> dict[str, float]:
        """Return what `load.js` would print, but for the processor time."""
        slowest = sorted(self.waits)[int(len(self.waits) * 0.99)] if self.waits else 0.0
        counts = {"answered": self.answered, "refused": self.refused, "failed": self.failed}
        return {**counts, "seconds": seconds, "p99": round(slowest * 1000, 2)}


class Connection:
    """One client, which has asked and waits."""

    def __init__(self, port: int, requests: Iterator[bytes], tally: Tally) -> None:
        self._port = port
        self._requests = requests
        self._tally = tally
        self.open()

    def open(self) -> None:
        """Connect, and ask for the first time."""
        self.socket = socket.create_connection(("127.0.0.1", self._port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ask()

    def read(self) -> bool:
        """Take what has arrived, and ask again after a whole answer; false when the server has hung up."""
        piece = self._receive()
        self._received += piece
        if self._is_whole():
            self._tally.note(self._received, time.perf_counter() - self._asked_at)
            if b"\r\nConnection: close" not in self._received:
                self._ask()
                return True
            piece = b""
        elif not piece:
            self._tally.failed += 1
        if not piece:
            self.socket.close()
        return bool(piece)

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(_LARGEST)
        except ConnectionError:
            return b""

    def _ask(self) -> None:
        self._received = b""
        self._asked_at = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def _is_whole(self) -> bool:
        end = self._received.find(b"\r\n\r\n")
        length = _LENGTH.search(self._received, 0, end + 2) if end >= 0 else None
        return length is not None and len(self._received) >= end + 4 + int(length[1])


def send(port: int, tokens: Sequence[str], seconds: float, connections: int) -> dict[str, float]:
    """Keep the connections busy for this long."""
    tally = Tally()
    requests = cycle([_request(port, token) for token in tokens])
    began, used = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            _watch(selector, Connection(port, requests, tally))
        while time.perf_counter() - began < seconds:
            for ready, _ in selector.select(timeout=0.1):
                _serve(selector, ready.data)
        elapsed = time.perf_counter() - began
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return {**tally.result(elapsed), "processor_seconds": time.process_time() - used}


def _watch(selector: selectors.BaseSelector, connection: Connection) -> None:
    selector.register(connection.socket, selectors.EVENT_READ, connection)


def _serve(selector: selectors.BaseSelector, connection: Connection) -> None:
    descriptor = connection.socket
    if not connection.read():
        selector.unregister(descriptor)
        connection.open()
        _watch(selector, connection)


def _request(port: int, token: str) -> bytes:
    return f"GET /products HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(send(**json.load(sys.stdin))))
