"""A server on this machine that behaves as badly as it is told to."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gapura_auth.oauth.outbound import Destinations
from gapura_auth.outbound import GuardedOutbound, OutboundLimits

LOOPBACK = Destinations(networks=(ipaddress.ip_network("127.0.0.0/8"),))


def _http(body=b"{}", status="200 OK", **headers) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Server:
    """Answers every connection as `behave` says, and keeps what it was sent."""

    listener: socket.socket
    behave: Callable[[socket.socket], None]
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    def url(self, path="/keys", host="127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        with suppress(OSError), self._wrapped(connection) as wrapped:
            self.requests.append(_read_request(wrapped))
            self.behave(wrapped)

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        if self.tls is None:
            return connection
        try:
            return self.tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            raise


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received and (part := connection.recv(65536)):
        received += part
    return received


@pytest.fixture
def serve():
    """Start a server; give bytes to answer with, or a function that writes to the connection."""
    with ExitStack() as stack:

        def start(behave, tls=None) -> Server:
            listener = socket.create_server(("127.0.0.1", 0))
            action = behave if callable(behave) else lambda connection: connection.sendall(behave)
            server = Server(listener, action, tls)
            thread = threading.Thread(target=server.serve, daemon=True)
            thread.start()

            def stop() -> None:
                server.stopped.set()
                listener.shutdown(socket.SHUT_RDWR)
                listener.close()
                thread.join(5)

            stack.callback(stop)
            return server

        yield start


@dataclass
class FakeResolver:
    """Gives other addresses at every question, as somebody does who wants to rebind a name."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, _port: int, _seconds: float) -> list[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@dataclass
class Connector:
    """Notes where a connection is made to, and leads it to the server of the test."""

    server: Server
    asked: list[str] = field(default_factory=list)

    def __call__(self, address: object, _port: int, seconds: float) -> socket.socket:
        self.asked.append(str(address))
        return socket.create_connection(("127.0.0.1", self.server.port), seconds)


@pytest.fixture
def outbound() -> GuardedOutbound:
    return GuardedOutbound(LOOPBACK, OutboundLimits(seconds=1.0))


@dataclass(frozen=True)
class Tls:
    """A certificate for client.example: for the server, and for those who trust it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


@pytest.fixture(scope="session")
def tls(tmp_path_factory) -> Tls:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=client.example")
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("client.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return Tls(server, ssl.create_default_context(cafile=str(folder / "certificate.pem")))


@pytest.fixture
def http() -> Callable[..., bytes]:
    """Write an HTTP answer."""
    return _http


@dataclass(frozen=True)
class Internet:
    """A client.example whose name and whose addresses are the test's."""

    resolver: FakeResolver
    connector: Connector
    outbound: GuardedOutbound


@pytest.fixture
def internet(tls) -> Callable[..., Internet]:
    """Make an outbound port to a server that seems to stand on the internet."""

    def make(server: Server, *answers: list[str], seconds=2.0, destinations=Destinations()) -> Internet:  # noqa: B008 -- frozen
        resolver, connector = FakeResolver(list(answers)), Connector(server)
        limits = OutboundLimits(seconds=seconds)
        outbound = GuardedOutbound(destinations, limits, tls=tls.trusting, resolver=resolver, connector=connector)
        return Internet(resolver, connector, outbound)

    return make
