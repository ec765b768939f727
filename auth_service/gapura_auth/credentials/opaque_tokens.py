import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS, _SECRET_LENGTH, _CHECKSUM_LENGTH = 256, 43, 6
_LONGEST_PREFIX = 24
_PREFIX = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_TOKEN = re.compile(rf"([a-z0-9_]{{1,{_LONGEST_PREFIX}}})_[0-9A-Za-z]{{{_SECRET_LENGTH + _CHECKSUM_LENGTH}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpaqueToken:
    """A random token: ``text`` goes to its holder once, ``digest`` is all that is stored."""

    text: str = field(repr=False)
    digest: bytes


def new_token(prefix: str) -> OpaqueToken:
    """Make a token such as ``gpr_rt_…``: 256 random bits and a checksum, in characters that a double click selects.

    The prefix tells people and secret scanners what they found; the checksum lets garbage be refused unasked.
    """
    if len(prefix) > _LONGEST_PREFIX or not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A token prefix is lower-case words joined by _, at most {_LONGEST_PREFIX} characters.")
    body = f"{prefix}_{_base62(secrets.randbits(_SECRET_BITS), _SECRET_LENGTH)}"
    text = body + _checksum(body)
    return OpaqueToken(text, _digest(text))


def digest_of(text: str, *, prefix: str | None = None) -> bytes | None:
    """Return the SHA-256 to look a token up by; ``None`` where no token of ours, or of this prefix, reads like that."""
    shape = _TOKEN.fullmatch(text)
    if shape is None or (prefix is not None and shape[1] != prefix):
        return None
    if _checksum(text[:-_CHECKSUM_LENGTH]) != text[-_CHECKSUM_LENGTH:]:
        return None
    return _digest(text)


def is_same_token(digest: bytes, text: str) -> bool:
    """Tell, in constant time, whether a text is the token with this digest."""
    presented = digest_of(text)
    return presented is not None and hmac.compare_digest(digest, presented)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, remainder = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[remainder] + digits
    return digits
