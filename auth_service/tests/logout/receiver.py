"""A client's address for logouts, on this machine, that behaves as badly as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Receiver:
    """Answers with one status after another; the last one stays. Keeps every token that it was sent."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    tokens: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    #: whether it answers only when it is released
    hangs: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/backchannel"

    def take(self, handler: BaseHTTPRequestHandler, body: str) -> int:
        self.requests.append((handler.command, handler.path, handler.headers.get("Content-Type", "")))
        self.tokens += parse_qs(body).get("logout_token", [])
        if self.hangs:
            self.released.wait(30)
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


def _handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            status = receiver.take(self, body)
            try:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.address}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                pass  # whoever asked has gone

        do_GET = do_POST  # noqa: N815 -- the name that http.server looks for

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler


@contextmanager
def receiving(**behaviour: Any) -> Iterator[Receiver]:
    receiver = Receiver(**behaviour)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(receiver))
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
