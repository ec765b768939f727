"""Opaque cursors: where the next page of a listing begins.

A cursor carries the sort position of the last row that was sent, and a digest that ties it to the listing, the order
and the filters it was made for. It gives no access to anything, so the digest is a checksum and not a secret: it
catches a cursor that was changed or is used with another query, with a sentence instead of a puzzling page.
"""

import base64
from collections.abc import Sequence
from hashlib import blake2b

import orjson

from gapura_chassis.errors import Invalid

Position = Sequence[str | int | None]

_DIGEST_BYTES = 8
_LONGEST = 4096
_LARGEST_INTEGER = 2**63 - 1


def encode_cursor(position: Position, query: str) -> str:
    """Return the cursor behind a row.

    Args:
        position: the row's values of the sort columns, in order.
        query: text that names the listing with its order and filters; the same must be given to `decode_cursor`.

    """
    payload = orjson.dumps(list(position))
    return _spell(_digest(payload, query) + payload)


def decode_cursor(cursor: str, query: str, kinds: Sequence[type]) -> list[str | int | None]:
    """Return the position in a cursor.

    Args:
        cursor: what the caller sent.
        query: as given to `encode_cursor`.
        kinds: the type of each value, in order.

    Raises:
        Invalid: when the cursor was not made by `encode_cursor` for this query.

    """
    payload = _payload(cursor, query)
    try:
        position = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise _refused() from None
    # the digest is no secret: whoever computes it may still not send what a database cannot compare
    if not isinstance(position, list) or [type(value) for value in position] != list(kinds):
        raise _refused()
    if not all(_is_storable(value) for value in position):
        raise _refused()
    return position


def _payload(cursor: str, query: str) -> bytes:
    if len(cursor) > _LONGEST:
        raise _refused()
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:  # binascii.Error is one, and so is a character beyond ASCII
        raise _refused() from None
    digest, payload = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
    if digest != _digest(payload, query) or _spell(raw) != cursor:
        raise _refused()
    return payload


def _is_storable(value: str | int | None) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or "\0" not in value


def _spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _digest(payload: bytes, query: str) -> bytes:
    return blake2b(
        query.encode(errors="surrogatepass") + b"\0" + payload, person=b"gapura cursor", digest_size=_DIGEST_BYTES
    ).digest()


def _refused() -> Invalid:
    message = "The cursor does not belong to this listing: start again without one."
    return Invalid(message, errors={"cursor": ["It was changed, or made for another query."]})
