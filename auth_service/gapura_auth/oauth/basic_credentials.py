"""Client credentials in HTTP Basic authentication: form-encoded within base64 (RFC 6749, section 2.3.1)."""

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

LONGEST = 8_192
_HEADER = re.compile(r"basic +([A-Za-z0-9+/]+={0,2}) *", re.ASCII | re.IGNORECASE)
_BROKEN_ENCODING = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class MalformedBasicCredentials(Exception):
    """The header is of another scheme, or cannot be read."""


@dataclass(frozen=True, slots=True)
class BasicCredentials:
    """A client's identifier and its secret."""

    client_id: str
    secret: str = field(repr=False)


def read_basic_credentials(header: str) -> BasicCredentials:
    """Read an Authorization header.

    Raises:
        MalformedBasicCredentials: when it is not Basic, or not encoded as the RFC says.

    """
    found = _HEADER.fullmatch(header) if len(header) <= LONGEST else None
    if found is None:
        raise MalformedBasicCredentials
    try:
        client_id, colon, secret = base64.b64decode(found[1], validate=True).partition(b":")
        credentials = BasicCredentials(_form_decoded(client_id), _form_decoded(secret))
    except ValueError:
        raise MalformedBasicCredentials from None
    if not colon or not credentials.client_id:
        raise MalformedBasicCredentials
    return credentials


def _form_decoded(value: bytes) -> str:
    if _BROKEN_ENCODING.search(value):
        raise MalformedBasicCredentials
    return unquote_to_bytes(value.replace(b"+", b" ")).decode()
