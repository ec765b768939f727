"""Which redirect URIs are a client's own: those that it registered, compared as text (RFC 9700, section 2.1).

Nothing is parsed, normalized or decoded before the comparison: `%2e`, another case, a trailing dot or userinfo make
another text. The one exception is the port of a native application that listens on the loopback interface.
"""

import re
from collections.abc import Iterable

LONGEST_URI = 2048
HIGHEST_PORT = 65_535
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "[::1]", "localhost"})

# the characters of RFC 3986 without "#" (no fragments) and "*" (nobody means a wildcard)
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+", re.ASCII)
_WEB = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?(?P<rest>([/?].*)?)",
    re.ASCII,
)
# a name that its owner has reserved by owning the domain (RFC 8252, section 7.1): com.example.app
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+\-]*(\.[a-z0-9+\-]+)+", re.ASCII)


def fault_of(uri: str) -> str | None:
    """Say what keeps a URI from being registered; None when nothing does."""
    if len(uri) > LONGEST_URI or not _CHARACTERS.fullmatch(uri):
        return "is too long, has a fragment, or has characters that a URI may not have"
    scheme, _, rest = uri.partition(":")
    if _has_dot_segments(rest):
        return "has the path segments . or .., which browsers rewrite"
    if scheme in {"http", "https"}:
        return _fault_of_web_address(uri)
    if _PRIVATE_SCHEME.fullmatch(scheme):
        return None
    return "must use https, http on a loopback address, or a scheme such as com.example.app"


def matches(registered: Iterable[str], given: str) -> bool:
    """Whether the redirect URI of a request is a registered one.

    The port of a loopback address is free, because a native application takes whichever it gets (RFC 8252, section
    7.3); everything else must be the same text.
    """
    known = tuple(registered)
    if given in known:
        return True
    portless = _without_loopback_port(given)
    return portless is not None and any(portless == _without_loopback_port(uri) for uri in known)


def _fault_of_web_address(uri: str) -> str | None:
    web = _WEB.fullmatch(uri)
    if web is None or int(web["port"] or 0) > HIGHEST_PORT:
        return "has no plain host, an impossible port, or names a user"
    if web["scheme"] == "http" and web["host"] not in LOOPBACK_HOSTS:
        return "must use https: plain http is for loopback addresses only"
    return None


def _without_loopback_port(uri: str) -> str | None:
    web = _WEB.fullmatch(uri)
    if web is None or web["scheme"] != "http" or web["host"] not in LOOPBACK_HOSTS or fault_of(uri) is not None:
        return None
    return f"http://{web['host']}{web['rest']}"


def _has_dot_segments(rest: str) -> bool:
    path = rest.partition("?")[0].replace("%2e", ".").replace("%2E", ".")
    return any(segment in {".", ".."} for segment in path.split("/"))
