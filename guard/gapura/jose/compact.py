from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from gapura.jose.encoding import decode_base64url, parse_json_object
from gapura.jose.errors import InvalidJwsError
from gapura.jose.keys import MAX_KID_LENGTH

MAX_TYP_LENGTH = 64
_SEGMENTS = 3
_KEY_MEMBERS = frozenset({"jku", "x5u", "x5c", "jwk"})
_SEMANTICS_MEMBERS = frozenset({"crit", "b64"})
_REFUSED_MEMBERS = _KEY_MEMBERS | _SEMANTICS_MEMBERS
_REFUSED_BESIDE_EMBEDDED_KEY = _REFUSED_MEMBERS - {"jwk"}


@dataclass(frozen=True, slots=True)
class JwsLimits:
    """How many characters of each segment are looked at, before anything is decoded."""

    header: int = 4096
    payload: int = 16384
    signature: int = 1400

    @property
    def total(self) -> int:
        """The greatest length of a whole token, dots included."""
        return self.header + self.payload + self.signature + _SEGMENTS - 1


DEFAULT_LIMITS = JwsLimits()


@dataclass(frozen=True, slots=True)
class JwsHeader:
    """A protected header (RFC 7515 section 4).

    `typ` is lower-case and without "application/", as section 4.1.9 lets it be compared.
    """

    alg: str
    typ: str | None
    kid: str | None
    parameters: Mapping[str, object]


class CompactJws(NamedTuple):
    """A JWS taken apart. Nothing in it is believed until its signature is verified."""

    header: JwsHeader
    payload: bytes
    signing_input: bytes
    signature: bytes

    def claims(self) -> dict[str, object]:
        """Parse the payload as a JWT claims set (RFC 7519 section 4)."""
        return parse_json_object(self.payload)


def parse_compact(token: str, *, limits: JwsLimits = DEFAULT_LIMITS) -> CompactJws:
    """Take a compact JWS apart (RFC 7515 section 5.2).

    Refused with `InvalidJwsError`: anything over the limits or not exactly in form; a header that brings its own key
    (`jwk`, `jku`, `x5u`, `x5c`: CVE-2018-0114) or changes the rules (`crit`, `b64`: RFC 7797).
    """
    return _parse(token, limits, _REFUSED_MEMBERS)


def parse_compact_with_embedded_key(token: str, *, limits: JwsLimits = DEFAULT_LIMITS) -> CompactJws:
    """Take apart a JWS whose header carries its own public key, as a DPoP proof does (RFC 9449 section 4.2).

    Such a signature proves possession of that key and nothing else: never use this for an access token.
    """
    return _parse(token, limits, _REFUSED_BESIDE_EMBEDDED_KEY)


def _parse(token: str, limits: JwsLimits, refused: frozenset[str]) -> CompactJws:
    header, payload, signature = _split(token, limits)
    return CompactJws(
        header=_read_header(header, refused),
        payload=decode_base64url(payload),
        signing_input=b"%b.%b" % (header, payload),
        signature=decode_base64url(signature),
    )


def _split(token: str, limits: JwsLimits) -> tuple[bytes, bytes, bytes]:
    if len(token) > limits.total:
        raise InvalidJwsError("The token is too long.")
    if not token.isascii():
        raise InvalidJwsError("The token is not clean base64url.")
    segments = token.encode("ascii").split(b".")
    if len(segments) != _SEGMENTS:
        raise InvalidJwsError("The token does not have three segments.")
    header, payload, signature = segments
    if len(header) > limits.header or len(payload) > limits.payload or len(signature) > limits.signature:
        raise InvalidJwsError("The token is too long.")
    return header, payload, signature


@lru_cache(maxsize=128)  # the tokens of one key share one header, to the byte
def _read_header(segment: bytes, refused: frozenset[str]) -> JwsHeader:
    parameters = parse_json_object(decode_base64url(segment))
    if not refused.isdisjoint(parameters):
        raise InvalidJwsError("The token's header brings its own key, or rules that are not supported.")
    alg, kid = parameters.get("alg"), parameters.get("kid")
    if not isinstance(alg, str):
        raise InvalidJwsError("The token's header names no algorithm.")
    if kid is not None and not (isinstance(kid, str) and len(kid) <= MAX_KID_LENGTH):
        raise InvalidJwsError("The token's kid is not a short string.")
    return JwsHeader(alg, _read_typ(parameters.get("typ")), kid, MappingProxyType(parameters))


def _read_typ(typ: object) -> str | None:
    if typ is None:
        return None
    if not isinstance(typ, str) or len(typ) > MAX_TYP_LENGTH or not typ.isascii():
        raise InvalidJwsError("The token's typ is not a short string.")
    return typ.lower().removeprefix("application/")
