import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gapura.fetch import FetchError, HttpFetch


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: set[tuple[str, int]]

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers), self.client_address))
        getattr(self, "answer_" + self.path.strip("/").split("?")[0])()

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_document(self):
        if self.headers.get("If-None-Match") == '"1"':
            self.answer(304, ETag='"1"')
        else:
            self.answer(200, b"hello", ETag='"1"')

    def answer_plain(self):
        self.answer(200, b"hello")

    def answer_missing(self):
        self.answer(404, b"nothing here")

    def answer_broken(self):
        self.answer(500)

    def answer_unasked(self):
        self.answer(304)

    def answer_moved(self):
        self.answer(302, Location="/document")

    def answer_large(self):
        self.answer(200, b"x" * 2000)

    def answer_endless(self):
        self.send_response(200)
        self.end_headers()
        self.drip(b"x" * 100, 0.0, 1000)

    def answer_slow(self):
        self.send_response(200)
        self.end_headers()
        self.drip(b"x", 0.05, 100)

    def answer_slow_headers(self):
        self.drip(b"H", 0.05, 100)

    def drip(self, piece, pause, times):
        self.close_connection = True
        try:
            for _ in range(times):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch():
    fetch = HttpFetch(accept="application/json", max_bytes=1000, deadline=0.3)
    yield fetch
    fetch.close()


def test_a_document_comes_with_its_tag(server, fetch):
    fetched = fetch(server.url + "/document?x=1")
    assert (fetched.body, fetched.etag) == (b"hello", '"1"')
    path, headers, _ = server.seen[0]
    assert path == "/document?x=1"
    assert headers["Accept"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"


def test_an_unchanged_document_has_no_body_and_needs_no_new_connection(server, fetch):
    fetch(server.url + "/document")
    fetched = fetch(server.url + "/document", etag='"1"')
    assert (fetched.body, fetched.etag) == (None, '"1"')
    assert server.seen[0][2] == server.seen[1][2]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "404"),
        ("broken", "500"),
        ("unasked", "304"),
        ("moved", "302"),
        ("large", "larger than 1000"),
        ("endless", "larger than 1000"),
        ("slow", "could not be fetched"),
        ("slow_headers", "could not be fetched"),
    ],
)
def test_what_is_not_a_good_answer_in_time_is_an_error(server, fetch, path, reason):
    before = time.monotonic()
    with pytest.raises(FetchError, match=reason):
        fetch(f"{server.url}/{path}")
    assert time.monotonic() - before < 3
    assert [seen[0] for seen in server.seen] == [f"/{path}"]


def test_after_an_error_the_next_fetch_works(server, fetch):
    with pytest.raises(FetchError):
        fetch(server.url + "/endless")
    assert fetch(server.url + "/plain").body == b"hello"


def test_a_forked_child_makes_a_connection_of_its_own(server, fetch, monkeypatch):
    fetch(server.url + "/plain")
    monkeypatch.setattr("gapura.fetch.os.getpid", lambda: -1)
    fetch(server.url + "/plain")
    assert server.seen[0][2] != server.seen[1][2]


def test_an_address_that_cannot_be_one_is_an_error(fetch):
    with pytest.raises(FetchError):
        fetch("http://\u2024\u2024.example/")


def test_nobody_there_is_an_error(fetch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="could not be fetched"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/")


def test_a_server_that_is_not_trusted_is_an_error(server, fetch):
    with pytest.raises(FetchError):
        fetch(server.url.replace("http:", "https:") + "/document")
