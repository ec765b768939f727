"""base64url and JSON as RFC 7515 and RFC 8725 want them: one spelling for each value, and a bound on what is read."""

import json
import math
import re
from binascii import Error as BinasciiError
from binascii import a2b_base64
from collections.abc import Mapping, Sequence

from joserfc.util import urlsafe_b64encode

from gapura.jose.errors import InvalidJwsError

MAX_JSON_DEPTH = 32
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_OTHERS = bytes(set(range(256)).difference(_ALPHABET))
_TO_STANDARD = bytes.maketrans(b"-_" + _OTHERS, b"+/" + bytes(len(_OTHERS)))  # what is not of ours is not of theirs
_LAST_CHARACTERS = (b"", b"", b"AQgw", b"AEIMQUYcgkosw048")  # by length modulo 4: those whose unused bits are zero
_WHITE_SPACE = " \t\r\n"
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def encode_base64url(data: bytes) -> str:
    """Encode without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(data).decode("ascii")


def decode_base64url(segment: bytes) -> bytes:
    """Decode what `encode_base64url` could have written, and nothing else: no padding, white space or stray bits."""
    # joserfc's decoder accepts the same, at three times the price; this is on the way of every new token.
    remainder = len(segment) % 4
    if remainder and segment[-1] not in _LAST_CHARACTERS[remainder]:
        raise InvalidJwsError("The token is not clean base64url.")
    try:
        return a2b_base64(segment.translate(_TO_STANDARD) + b"==="[: -remainder % 4], strict_mode=True)
    except BinasciiError:
        raise InvalidJwsError("The token is not clean base64url.") from None


def parse_json_object(raw: bytes) -> dict[str, object]:
    """Parse a UTF-8 JSON object with unique names and finite numbers (RFC 8259, RFC 7515 section 4)."""
    _refuse_deep_nesting(raw)
    try:
        text = raw.decode("utf-8").strip(_WHITE_SPACE)
        value, end = _DECODER.raw_decode(text)  # by itself, decode() looks for white space twice as long as it parses
    except (ValueError, RecursionError):
        raise InvalidJwsError("The token does not hold well-formed JSON.") from None
    if end != len(text):
        raise InvalidJwsError("The token does not hold well-formed JSON.")
    if not isinstance(value, dict):
        raise InvalidJwsError("The token does not hold a JSON object.")
    _refuse_lone_surrogates(raw, value)
    return value


def _refuse_deep_nesting(raw: bytes) -> None:
    # Counting openings bounds the depth at the price of a memory scan; only a suspicious text is looked at closer.
    if raw.count(b"{") + raw.count(b"[") <= MAX_JSON_DEPTH:
        return
    depth = 0
    for byte in _STRING.sub(b"", raw):
        depth += (byte in b"{[") - (byte in b"}]")
        if depth > MAX_JSON_DEPTH:
            raise InvalidJwsError("The token's JSON is nested too deeply.")


def _refuse_lone_surrogates(raw: bytes, value: Mapping[str, object]) -> None:
    # "\ud800" alone parses, and then breaks whoever writes it to a database or an answer.
    if b"\\u" not in raw or not _SURROGATE.search(raw):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidJwsError("The token's JSON holds half a character.") from None


def _unique_members(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJwsError("The token's JSON names a member twice.")
    return members


def _refuse_constant(_name: str) -> object:
    raise InvalidJwsError("The token's JSON holds a number that is not one.")


def _finite_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidJwsError("The token's JSON holds a number that is too large.")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_members, parse_constant=_refuse_constant, parse_float=_finite_float
)
