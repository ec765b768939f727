"""The real threads and the real network, once: what the other tests do with a world of their own."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gapura import (
    KeySetState,
    RemoteKeySet,
    RevokedTokenError,
    TrustedIssuer,
    Verifier,
)
from gapura.jose import sign
from gapura.keys import RefreshSchedule
from gapura.revocation import PollSchedule, RevocationLists, encode_status_list, status_list_claims
from gapura.testing import PretendIssuer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        body, etag = self.server.documents[self.path]
        unchanged = self.headers.get("If-None-Match") == etag
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", "0" if unchanged else str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked, server.documents = [], {}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def issuer(server):
    issuer = PretendIssuer(server.url, "shop")
    server.documents["/jwks.json"] = (json.dumps({"keys": [issuer.key.public_jwk()]}).encode(), '"1"')
    return issuer


@pytest.fixture
def verifier(issuer):
    keys = RemoteKeySet(f"{issuer.issuer}/jwks.json", schedule=RefreshSchedule(every=0.05, retry=0.01, patience=5))
    lists = RevocationLists(issuer.issuer, keys, schedule=PollSchedule(every=0.05, patience=5))
    return Verifier([TrustedIssuer(issuer.issuer, "shop", keys, lists)])


def publish(server, issuer, *revoked, version):
    claims = status_list_claims(
        f"{server.url}/status-lists/1", encode_status_list(revoked, size=64), now=time.time(), lifetime=60
    )
    token = sign(claims, issuer.key, typ="statuslist+jwt")
    server.documents["/status-lists/1"] = (token.encode(), f'"{version}"')


def eventually(condition):
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_twenty_first_requests_at_once_fetch_the_keys_a_few_times_at_most(server, issuer):
    keys = RemoteKeySet(f"{issuer.issuer}/jwks.json", schedule=RefreshSchedule(patience=5))
    verifier = Verifier([TrustedIssuer(issuer.issuer, "shop", keys)])
    names = []
    threads = [
        threading.Thread(target=lambda name=name: names.append(verifier.verify(issuer.token(name)).username))
        for name in map(str, range(20))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == sorted(map(str, range(20)))
    assert len(server.asked) <= 3


def test_an_issuer_that_goes_away_takes_nobody_along_and_is_noticed(server, issuer, verifier):
    token = issuer.token("ani")
    assert verifier.verify(token).username == "ani"
    documents, server.documents = server.documents, {"/jwks.json": (b"<html>oops</html>", '"2"')}
    eventually(lambda: verifier.key_statuses()[0].state is KeySetState.STALE)
    assert verifier.verify(issuer.token("budi")).username == "budi"
    server.documents = documents
    eventually(lambda: verifier.key_statuses()[0].state is KeySetState.FRESH)


def test_a_log_out_is_known_everywhere_in_a_moment(server, issuer, verifier):
    publish(server, issuer, version=1)
    token = issuer.token("ani", status={"status_list": {"idx": 7, "uri": f"{server.url}/status-lists/1"}})
    assert verifier.verify(token, fresh=True)
    publish(server, issuer, 7, version=2)

    def is_refused():
        try:
            verifier.verify(token)
        except RevokedTokenError:
            return True
        return False

    before = time.monotonic()
    eventually(is_refused)
    assert time.monotonic() - before < 2
