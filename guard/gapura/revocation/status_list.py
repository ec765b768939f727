"""The list itself, for the one who publishes it and the one who reads it."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gapura.claims import optional_time, required_text, required_time
from gapura.errors import InvalidTokenError
from gapura.jose import JoseError, decode_base64url, encode_base64url

STATUS_LIST_TYP = "statuslist+jwt"
STATUS_LIST_MEDIA_TYPE = "application/statuslist+jwt"
MAX_LIST_BYTES = 1024 * 1024
_BITS_PER_BYTE = 8


@dataclass(frozen=True, slots=True)
class StatusList:
    """A decoded list: `bits` bits per token (1, 2, 4 or 8), packed from the least significant bit on."""

    uri: str
    bits: int
    packed: bytes
    issued_at: float
    expires_at: float

    def __len__(self) -> int:
        return len(self.packed) * _BITS_PER_BYTE // self.bits

    def __getitem__(self, index: int) -> int:
        """Read a status: 0 is valid, everything else is not. Raises IndexError outside of the list."""
        position = index * self.bits
        return self.packed[position >> 3] >> (position & 7) & (1 << self.bits) - 1


def encode_status_list(revoked: Iterable[int], *, size: int) -> dict[str, object]:
    """Pack one bit per index below `size`, set for those revoked, as the `status_list` claim.

    Keep the size of a list for its whole life: a reader refuses an index that lies outside. 1,000,000 indexes are
    125 kB in memory, and a few kB on the wire while few are revoked.
    """
    packed = bytearray((size + _BITS_PER_BYTE - 1) // _BITS_PER_BYTE)
    for index in revoked:
        packed[index >> 3] |= 1 << (index & 7)
    return {"bits": 1, "lst": encode_base64url(zlib.compress(packed, level=9))}


def status_list_claims(
    uri: str, status_list: Mapping[str, object], *, now: float, lifetime: int, ttl: int = 1
) -> dict[str, object]:
    """Give the claims of a status list token: `sub` is its own address, `ttl` how long a reader may keep it."""
    issued_at = int(now)
    return {"sub": uri, "iat": issued_at, "exp": issued_at + lifetime, "ttl": ttl, "status_list": dict(status_list)}


def decode_status_list(claims: Mapping[str, object], *, uri: str) -> StatusList:
    """Read the claims of the list at an address, or raise `InvalidTokenError`."""
    if required_text(claims, "sub") != uri:
        raise InvalidTokenError("The status list was made for another address.")
    status_list = claims.get("status_list")
    if not isinstance(status_list, Mapping):
        raise InvalidTokenError("The status list holds no list.")
    bits = status_list.get("bits")
    if isinstance(bits, bool) or bits not in {1, 2, 4, 8}:
        raise InvalidTokenError("The status list has an impossible number of bits.")
    expires_at = optional_time(claims, "exp")
    return StatusList(
        uri=uri,
        bits=int(bits),
        packed=_decompress(required_text(status_list, "lst")),
        issued_at=required_time(claims, "iat"),
        expires_at=float("inf") if expires_at is None else expires_at,
    )


def _decompress(text: str) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        packed = decompressor.decompress(decode_base64url(text.encode()), MAX_LIST_BYTES)
    except (JoseError, zlib.error):
        raise InvalidTokenError("The status list is not compressed as it should be.") from None
    if not decompressor.eof or decompressor.unused_data:
        raise InvalidTokenError("The status list is too large, or cut off.")
    return packed
