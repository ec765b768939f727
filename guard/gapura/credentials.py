from dataclasses import dataclass
from enum import Enum

from gapura.errors import MalformedRequestError, MissingTokenError

_PARTS = 2


class Scheme(Enum):
    """How a token is presented."""

    BEARER = "bearer"
    DPOP = "dpop"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token as it was presented, and not yet believed."""

    scheme: Scheme
    token: str


def read_credentials(header: str | None) -> Credentials:
    """Read an Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1).

    Raises `MissingTokenError` when there are no credentials of ours (another scheme is none of ours), and
    `MalformedRequestError` when there is not exactly one token.
    """
    if header is None or not header.strip():
        raise MissingTokenError
    parts = header.split()
    scheme = _SCHEMES.get(parts[0].lower())
    if scheme is None:
        raise MissingTokenError(
            "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"
        )
    if len(parts) != _PARTS or "," in parts[1]:
        raise MalformedRequestError
    return Credentials(scheme, parts[1])


_SCHEMES = {scheme.value: scheme for scheme in Scheme}
