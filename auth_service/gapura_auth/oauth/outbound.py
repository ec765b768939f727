"""Requests that we make to addresses that clients give us: a port, and the rules that every such request obeys.

A client could name an address inside our own network, or one that leads there (server-side request forgery). The
adapter in `gapura_auth.outbound` resolves a name once, asks `Destinations` about every address it got, and connects
to exactly that address. Redirects are never followed.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gapura_auth.oauth.redirect_uris import HIGHEST_PORT

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2048
HTTPS_PORT, HTTP_PORT = 443, 80

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<target>([/?][A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*)?)",
    re.ASCII,
)

# where clouds tell a machine its secrets: refused even where the network around it is allowed
_METADATA_SERVICES = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    )
)
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
# addresses that lead to the IPv4 address in their last bits: the well-known and local NAT64 prefixes, and `::a.b.c.d`
_EMBEDDING = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


class OutboundError(Exception):
    """The request was not made, or got no usable answer; the text is for our log."""


class ForbiddenDestination(OutboundError):
    """The address leads, or could lead, where a client must not send us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRequest:
    """A request to an address that a client has given."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    #: the largest answer that is read
    max_bytes: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class OutboundAnswer:
    """What came back, whatever its status."""

    status: int
    body: bytes
    #: by lower-case name
    headers: Mapping[str, str]


class Outbound(Protocol):
    """Makes requests to addresses that clients give us, under the rules of this module."""

    def send(self, request: OutboundRequest) -> OutboundAnswer:
        """Make a request.

        Raises:
            OutboundError: when the address is not allowed, or no answer came within the limits.

        """


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL points to, before its host is resolved."""

    scheme: str
    #: name or address as in the URL, without brackets
    host: str
    port: int
    #: path and query
    target: str


def target_of(url: str) -> Target:
    """Take a URL apart.

    Raises:
        ForbiddenDestination: when it is not plainly an http or https address: no user, no fragment, no odd characters.

    """
    parts = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if parts is None:
        raise ForbiddenDestination("The address is not a plain https address.")
    default = HTTPS_PORT if parts["scheme"] == "https" else HTTP_PORT
    port = int(parts["port"]) if parts["port"] else default
    if not 0 < port <= HIGHEST_PORT:
        raise ForbiddenDestination("The port is impossible.")
    path = parts["target"]
    return Target(parts["scheme"], parts["host"].strip("[]"), port, path if path.startswith("/") else f"/{path}")


@dataclass(frozen=True, slots=True)
class Destinations:
    """Which addresses requests may go to: the public internet, and what the operator has added."""

    #: ports of public addresses; within `networks` every port is allowed
    ports: frozenset[int] = frozenset({HTTPS_PORT})
    #: networks of the operator's own, such as that of internal clients; loopback ones allow plain http
    networks: Sequence[IpNetwork] = ()

    def check(self, target: Target, addresses: Sequence[str]) -> tuple[IpAddress, ...]:
        """Return the addresses that a host was resolved to, if every one of them may be connected to.

        Raises:
            ForbiddenDestination: when one may not: which of them is used would be up to whoever owns the name.

        """
        checked = tuple(_address(text) for text in addresses)
        if not checked:
            raise ForbiddenDestination("The host has no address.")
        for address in checked:
            self._check_one(target, address)
        return checked

    def _check_one(self, target: Target, address: IpAddress) -> None:
        meant = tuple(_leads_to(address))
        if not _METADATA_SERVICES.isdisjoint(meant):
            raise ForbiddenDestination("The host is a metadata service.")
        if _is_in(address, self.networks):
            if target.scheme == "http" and not _is_in(address, _LOOPBACK):
                raise ForbiddenDestination("Plain http is for loopback addresses only.")
            return
        if target.scheme != "https":
            raise ForbiddenDestination("The address is not an https address.")
        if not all(_is_public(one) for one in meant):
            raise ForbiddenDestination("The host is not on the public internet.")
        if target.port not in self.ports:
            raise ForbiddenDestination("The port is not one that clients may name.")


def _address(text: str) -> IpAddress:
    try:
        return ipaddress.ip_address(text)  # a zone ("fe80::1%eth0") makes it link-local, and that is refused
    except ValueError:
        raise ForbiddenDestination("The host has an address that cannot be read.") from None


def _leads_to(address: IpAddress) -> Iterator[IpAddress]:
    """Give the address and every IPv4 address that routers or sockets could take it for."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo
        if any(address in network for network in _EMBEDDING):
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_public(address: IpAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.is_site_local):
        return False
    unusual = address.is_private or address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not unusual and not address.is_link_local and not address.is_loopback


def _is_in(address: IpAddress, networks: Sequence[IpNetwork]) -> bool:
    return any(address in network for network in networks)
