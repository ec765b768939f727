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

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class TrustedProxies:
    """WSGI middleware that puts the caller's own address and scheme into the request."""

    def __init__(self, application: "WSGIApplication", networks: Sequence[IpNetwork]) -> None:
        self._application = application
        self._networks = tuple(networks)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Correct the request if a trusted proxy sent it, and pass it on."""
        if self._includes(_address(environ.get("REMOTE_ADDR", ""))):
            self._correct(environ)
        return self._application(environ, start_response)

    def _correct(self, environ: "WSGIEnvironment") -> None:
        chain = [_address(part.strip()) for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        # from the nearest hop outwards, the first one that is not one of our proxies is the caller
        caller = next((address for address in reversed(chain) if not self._includes(address)), None)
        if caller is not None:
            environ["REMOTE_ADDR"] = str(caller)
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]

    def _includes(self, address: IpAddress | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> IpAddress | None:
    """Return the address in a text, or None where it holds none; IPv4 within IPv6 counts as IPv4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
