"""Client certificates that a reverse proxy passes on: believed from the operator's own proxies, and from nobody else.

This stands outside of everything that rewrites the caller's address, so that it sees who really opened the connection.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gapura_auth.web.oauth_requests import CERTIFICATE, CERTIFICATE_VERIFIED
from gapura_chassis.settings import IpNetwork

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class CertificateHeaders:
    """The names of the headers: that of the certificate, and that of the proxy's judgement of its chain."""

    certificate: str
    verified: str | None = None


class TrustedCertificates:
    """WSGI middleware that puts a trusted proxy's certificate header where `web.oauth_requests` reads it."""

    def __init__(
        self, application: "WSGIApplication", networks: Sequence[IpNetwork], headers: CertificateHeaders
    ) -> None:
        self._application = application
        self._networks = tuple(networks)
        self._certificate = _key(headers.certificate)
        self._verified = _key(headers.verified) if headers.verified else None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Take what a trusted proxy says, and pass the request on."""
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            environ[CERTIFICATE] = environ.get(self._certificate, "")
            environ[CERTIFICATE_VERIFIED] = environ.get(self._verified, "") if self._verified else ""
        return self._application(environ, start_response)

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._networks)


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"
