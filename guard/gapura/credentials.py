from enum import Enum
from typing import NamedTuple

from gapura.errors import MalformedRequestError, MissingTokenError

_OTHER_SCHEME = "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"


class Scheme(Enum):
    """How a token is presented."""

    BEARER = "bearer"
    DPOP = "dpop"


class Credentials(NamedTuple):
    """A token as it was presented, and not yet believed."""

    scheme: Scheme
    token: str


def read_credentials(header: str | None) -> Credentials:
    """Read an Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1).

    Raises `MissingTokenError` when there are no credentials of ours (another scheme is none of ours), and
    `MalformedRequestError` when there is not exactly one token.
    """
    word, _, token = (header or "").strip().partition(" ")
    if not word:
        raise MissingTokenError
    scheme = _SCHEMES.get(word.lower())
    if scheme is None:
        raise MissingTokenError(
            "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"
        )
    token = token.strip()
    if not token or " " in token or "," in token:
        raise MalformedRequestError
    return Credentials(scheme, token)


_SCHEMES = {scheme.value: scheme for scheme in Scheme}
