from collections.abc import Mapping
from dataclasses import dataclass

from gapura.claims import optional_text, required_text, required_time
from gapura.errors import InvalidDpopProofError, InvalidTokenError
from gapura.jose import (
    ALGORITHMS,
    InvalidJwsError,
    JoseError,
    VerificationKey,
    import_key,
    parse_compact_with_embedded_key,
    verify_signature,
)

DPOP_TYP = "dpop+jwt"
#: FAPI 2.0, section 5.4.1 forbids RSASSA-PKCS1-v1_5, and no key for proofs is old enough to need it.
DPOP_ALGORITHMS = tuple(
    sorted(name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "oct" and not name.startswith("RS"))
)
MAX_JTI_LENGTH = 256


@dataclass(frozen=True, slots=True)
class DpopProof:
    """What a proof says (RFC 9449 section 4.2), its signature verified with the key it carries."""

    thumbprint: str
    method: str
    url: str
    issued_at: float
    identifier: str
    token_hash: str | None
    nonce: str | None


def parse_proof(text: str) -> DpopProof:
    """Make the checks of RFC 9449 section 4.3 that need nothing but the proof, or raise `InvalidDpopProofError`."""
    try:
        jws = parse_compact_with_embedded_key(text)
        if jws.header.typ != DPOP_TYP:
            raise InvalidDpopProofError("The DPoP proof's typ is not dpop+jwt.")
        key = _read_key(jws.header.parameters.get("jwk"), jws.header.alg)
        verify_signature(jws, key)
        return _read_claims(jws.claims(), key.thumbprint)
    except (JoseError, InvalidTokenError) as error:
        raise InvalidDpopProofError(str(error).replace("The token", "The DPoP proof")) from None


def _read_key(jwk: object, alg: str) -> VerificationKey:
    if not isinstance(jwk, Mapping):
        raise InvalidJwsError("The DPoP proof carries no key.")
    if alg not in DPOP_ALGORITHMS:
        raise InvalidJwsError("The DPoP proof's algorithm is not an asymmetric one that is supported.")
    # The key is the stranger's own, so the header may say what it is for; it proves that key's possession only.
    return import_key({"alg": alg, **jwk})


def _read_claims(claims: Mapping[str, object], thumbprint: str) -> DpopProof:
    identifier = required_text(claims, "jti")
    if len(identifier) > MAX_JTI_LENGTH:
        raise InvalidDpopProofError("The DPoP proof's jti is too long.")
    return DpopProof(
        thumbprint=thumbprint,
        method=required_text(claims, "htm"),
        url=required_text(claims, "htu"),
        issued_at=required_time(claims, "iat"),
        identifier=identifier,
        token_hash=optional_text(claims, "ath"),
        nonce=optional_text(claims, "nonce"),
    )
