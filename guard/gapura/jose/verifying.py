from collections.abc import Collection, Mapping
from types import MappingProxyType

from joserfc.jwk import RSAKey

from gapura.jose.compact import DEFAULT_LIMITS, CompactJws, JwsLimits, parse_compact
from gapura.jose.errors import InvalidJwsError
from gapura.jose.keys import VerificationKey


def verify_signature(jws: CompactJws, key: VerificationKey) -> None:
    """Verify a signature with a key and the algorithm of that key, or raise `InvalidJwsError`."""
    if not key.permits(jws.header.alg):
        raise InvalidJwsError("The token's algorithm is not the key's.")
    if not _has_its_length(jws.signature, key) or not key.algorithm.signature.verify(
        jws.signing_input, jws.signature, key.material
    ):
        raise InvalidJwsError("The token's signature is wrong.")


def verify(
    token: str, key: VerificationKey, *, typ: Collection[str], limits: JwsLimits = DEFAULT_LIMITS
) -> Mapping[str, object]:
    """Verify a compact JWS of one of the given types and return its claims.

    `typ` holds lower-case types without "application/" (RFC 8725 section 3.11). The claims are authentic, and no more:
    what they must say is for the caller to check. Raises `InvalidJwsError`.
    """
    jws = parse_compact(token, limits=limits)
    if jws.header.typ not in typ:
        raise InvalidJwsError("The token is of another type.")
    verify_signature(jws, key)
    return MappingProxyType(jws.claims())


def _has_its_length(signature: bytes, key: VerificationKey) -> bool:
    # OpenSSL accepts a PSS signature whose leading zero was cut off; RFC 8017 section 8.1.2 does not. The other
    # algorithms are compared with their length by joserfc and OpenSSL.
    material = key.material
    return not isinstance(material, RSAKey) or len(signature) == (material.public_key.key_size + 7) // 8
