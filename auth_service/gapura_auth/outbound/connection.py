"""A connection to an address that was checked, in the name of the host that it was checked for."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection

from gapura_auth.oauth.outbound import HTTP_PORT, HTTPS_PORT, IpAddress, Target

Connect = Callable[[IpAddress, int, float], socket.socket]


def connect(address: IpAddress, port: int, seconds: float) -> socket.socket:
    """Connect to an address; it is numeric, so nothing is resolved any more."""
    return socket.create_connection((str(address), port), seconds)


class PinnedConnection(HTTPConnection):
    """Speaks HTTP with one address; certificate and Host header are those of the name (no rebinding).

    A server that sends a byte now and then never runs into a socket's timeout: a timer ends the connection at the
    deadline, whatever it is waiting for.
    """

    def __init__(
        self, target: Target, address: IpAddress, tls: ssl.SSLContext | None, deadline: float, connector: Connect
    ) -> None:
        super().__init__(target.host, target.port)
        self.default_port = HTTP_PORT if tls is None else HTTPS_PORT  # the one that the Host header leaves out
        self._address = address
        self._tls = tls
        self._deadline = deadline
        self._connector = connector
        # http.client forgets its socket where an answer ends with the connection, and the timer must not
        self._held: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def connect(self) -> None:
        """Connect to the address, and prove that it is the host."""
        remaining = max(self._deadline - time.monotonic(), 0.001)
        self.sock = self._held = self._connector(self._address, self.port, remaining)
        self._timer = threading.Timer(remaining, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        if self._tls is not None:
            # the handshake is begun when the timer can see the socket that it runs on
            wrapped = self._tls.wrap_socket(self._held, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._held = wrapped
            wrapped.do_handshake()

    def close(self) -> None:
        """Close the connection and stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
        super().close()
        if self._held is not None:
            self._held.close()

    def _hang_up(self) -> None:
        if self._held is not None:
            try:
                # not SSLSocket's own method, which would take its state away from the thread that is reading
                socket.socket.shutdown(self._held, socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already
