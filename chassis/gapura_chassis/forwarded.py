"""Who is really calling, behind a reverse proxy.

`X-Forwarded-For` and `X-Forwarded-Proto` are believed only where the connection comes from a network that the operator
named; from anybody else they are the caller's invention. (Werkzeug's ProxyFix counts hops and believes every peer.)
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gapura_chassis.settings import IpNetwork

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """WSGI middleware that puts the caller's own address and scheme into the request."""

    def __init__(self, application: "WSGIApplication", networks: Sequence[IpNetwork]) -> None:
        self._application = application
        self._networks = tuple(networks)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Correct the request if a trusted proxy sent it, and pass it on."""
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            self._correct(environ)
        return self._application(environ, start_response)

    def _correct(self, environ: "WSGIEnvironment") -> None:
        chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        # from the nearest hop outwards, the first address that is not one of ours is the caller's
        caller = next((address for address in reversed(chain) if not self._trusts(address)), None)
        if caller is not None and _is_address(caller):
            environ["REMOTE_ADDR"] = caller
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ipaddress.ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
