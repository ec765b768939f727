"""Makes one request: resolved once, connected to a checked address and no other, read within limits, never redirected.

It uses `http.client`, which knows no proxies, no redirects, no cookies and no retries that would have to be turned off.
"""

import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from gapura_auth.oauth.outbound import (
    Destinations,
    IpAddress,
    OutboundAnswer,
    OutboundError,
    OutboundRequest,
    Target,
    target_of,
)
from gapura_auth.outbound.connection import Connect, PinnedConnection, connect
from gapura_auth.outbound.resolving import resolve

_CHUNK = 16 * 1024
_OWN_HEADERS = {"User-Agent": "gapura-auth", "Accept-Encoding": "identity", "Connection": "close"}

Resolve = Callable[[str, int, float], Sequence[str]]


@dataclass(frozen=True, slots=True)
class OutboundLimits:
    """What one request may cost."""

    #: seconds for everything: resolving, connecting, sending, reading
    seconds: float = 5.0
    #: requests under way at the same moment; more are refused, so that slow servers cannot take every thread
    at_once: int = 16
    #: addresses of one host that are tried
    most_addresses: int = 2


class GuardedOutbound:
    """The adapter of `oauth.outbound.Outbound`."""

    def __init__(
        self,
        destinations: Destinations,
        limits: OutboundLimits | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        resolver: Resolve = resolve,
        connector: Connect = connect,
    ) -> None:
        """Make an adapter.

        Args:
            destinations: where requests may go.
            limits: what they may cost.
            tls: whom to trust; by default the authorities that the system trusts.
            resolver: from a name to its addresses.
            connector: from an address to a connected socket.

        """
        self._destinations = destinations
        self._limits = limits or OutboundLimits()
        self._tls = tls or ssl.create_default_context()
        self._resolve = resolver
        self._connect = connector
        self._places = threading.BoundedSemaphore(self._limits.at_once)

    def send(self, request: OutboundRequest) -> OutboundAnswer:
        """Make a request.

        Raises:
            OutboundError: when the address is not allowed, or no answer came within the limits.

        """
        target = target_of(request.url)
        if not self._places.acquire(blocking=False):
            raise OutboundError("Too many requests to clients are under way.")
        try:
            return self._send(target, request, time.monotonic() + self._limits.seconds)
        finally:
            self._places.release()

    def _send(self, target: Target, request: OutboundRequest, deadline: float) -> OutboundAnswer:
        resolved = self._resolve(target.host, target.port, deadline - time.monotonic())
        addresses = self._destinations.check(target, resolved)
        connection = self._connected_to_one(target, addresses[: self._limits.most_addresses], deadline)
        return _exchange(connection, target, request, deadline)

    def _connected_to_one(self, target: Target, addresses: Sequence[IpAddress], deadline: float) -> PinnedConnection:
        reasons: list[str] = []
        for address in addresses:
            try:
                return self._connected(target, address, deadline)
            except OSError as error:  # the next address may be better
                reasons.append(str(error))
        raise OutboundError(f"The host cannot be reached: {'; '.join(reasons)}")

    def _connected(self, target: Target, address: IpAddress, deadline: float) -> PinnedConnection:
        tls = self._tls if target.scheme == "https" else None
        connection = PinnedConnection(target, address, tls, deadline, self._connect)
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        return connection


def _exchange(
    connection: PinnedConnection, target: Target, request: OutboundRequest, deadline: float
) -> OutboundAnswer:
    try:
        connection.request(request.method, target.target, request.body, {**_OWN_HEADERS, **request.headers})
        response = connection.getresponse()
        body = _read(response, request.max_bytes, deadline)
    except (OSError, HTTPException, ValueError) as error:
        raise OutboundError(f"The answer cannot be read: {str(error) or type(error).__name__}") from error
    finally:
        connection.close()
    return OutboundAnswer(response.status, body, {name.lower(): value for name, value in response.getheaders()})


def _read(response: HTTPResponse, max_bytes: int, deadline: float) -> bytes:
    if (response.length or 0) > max_bytes:
        raise OutboundError(f"The answer is larger than {max_bytes} bytes.")
    if response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise OutboundError("The answer is compressed.")
    body = b""
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise OutboundError(f"The answer is larger than {max_bytes} bytes.")
        if time.monotonic() > deadline:
            break
    if time.monotonic() > deadline:  # also where the timer cut off the headers, which then look complete
        raise OutboundError("The answer took too long.")
    if response.length:
        raise OutboundError("The answer ends too early.")
    return body
