"""Opaque cursors: where the next page of a listing begins.

A cursor carries the sort position of the last row that was sent, and a digest that ties it to the listing, the order
and the filters it was made for. It gives no access to anything, so the digest is a checksum and not a secret: it
catches a cursor that was changed or is used with another query, with a sentence instead of a puzzling page.
"""

import base64
import binascii
from collections.abc import Sequence
from hashlib import blake2b

import orjson

from gapura_chassis.errors import Invalid

Position = Sequence[str | int | None]

_DIGEST_BYTES = 8
_LONGEST = 1024
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
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused() from None
    digest, payload = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
    if len(cursor) > _LONGEST or digest != _digest(payload, query) or _spell(raw) != cursor:
        raise _refused()
    position = _read(payload)
    if [type(value) for value in position] != list(kinds) or not all(map(_can_be_stored, position)):
        raise _refused()
    return position


def _read(payload: bytes) -> list[str | int | None]:
    # whoever reads this file can make a digest, so what stands behind one is a stranger's text all the same
    try:
        position = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise _refused() from None
    if not isinstance(position, list):
        raise _refused()
    return position


def _can_be_stored(value: str | int | None) -> bool:
    if isinstance(value, int):
        return abs(value) <= _LARGEST_INTEGER
    return value is None or "\0" not in value


def _spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _digest(payload: bytes, query: str) -> bytes:
    return blake2b(query.encode() + b"\0" + payload, person=b"gapura cursor", digest_size=_DIGEST_BYTES).digest()


def _refused() -> Invalid:
    message = "The cursor does not belong to this listing: start again without one."
    return Invalid(message, errors={"cursor": ["It was changed, or made for another query."]})
