from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from joserfc.errors import JoseError as JoserfcError
from joserfc.jwk import Key, OctKey, thumbprint
from joserfc.jwk import import_key as import_joserfc_key

from gapura.jose.algorithms import ALGORITHMS, Algorithm
from gapura.jose.errors import InvalidKeyError
from gapura.jose.key_checks import check_operations, check_strength

MAX_KID_LENGTH: Final = 256
MAX_KEYS: Final = 100
_DEFAULT_ALGORITHMS = {"RSA": "RS256", "oct": "HS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_REQUIRED_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
_KEY_MEMBERS = {"kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi", "k"}


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key that verifies signatures of exactly one algorithm (RFC 8725 section 3.1).

    Two of them are equal when they verify the same signatures under the same name.
    """

    kid: str | None
    algorithm: Algorithm
    thumbprint: str
    material: Key = field(repr=False, compare=False)

    def permits(self, alg: str) -> bool:
        """Tell whether a header's `alg` names this key's algorithm; EdDSA has two names (RFC 9864)."""
        return alg == self.algorithm.name or (self.algorithm.curve == "Ed25519" and alg in {"EdDSA", "Ed25519"})

    @property
    def is_symmetric(self) -> bool:
        """Whether whoever can verify with this key can sign with it too."""
        return self.algorithm.kty == "oct"


def import_key(jwk: Mapping[str, object]) -> VerificationKey:
    """Import a public JWK or a shared `oct` JWK (RFC 7517), or raise `InvalidKeyError` saying what is wrong with it."""
    if "d" in jwk:
        raise InvalidKeyError("A private key stands where a public one belongs: replace it, it is no longer private.")
    material = import_material(jwk, operation="verify")
    return VerificationKey(key_id(jwk), key_algorithm(jwk), material_thumbprint(material), material)


def import_key_set(jwks: Mapping[str, object]) -> tuple[VerificationKey, ...]:
    """Import a published JWK Set (RFC 7517 section 5).

    Keys for another purpose or of an unknown type are passed over, as the RFC asks; a weak, private or symmetric key,
    two keys of one name, or a set with nothing to verify with is refused with `InvalidKeyError`.
    """
    entries = jwks.get("keys")
    if not isinstance(entries, list) or len(entries) > MAX_KEYS:
        raise InvalidKeyError("A JWK Set is an object with a list of at most 100 keys.")
    keys = tuple(import_key(entry) for entry in entries if isinstance(entry, dict) and _is_for_signatures(entry))
    if not keys:
        raise InvalidKeyError("The JWK Set holds no key that verifies signatures.")
    if any(key.is_symmetric for key in keys):
        raise InvalidKeyError("The JWK Set holds a symmetric key: a secret that is published is none.")
    _refuse_duplicates(keys)
    return keys


def import_material(jwk: Mapping[str, object], *, operation: str) -> Key:
    """Import the key itself, private or public, and check its strength and that its members agree with each other.

    `operation` is what it is for, "sign" or "verify": its `key_ops` must say so if they are there.
    """
    algorithm = key_algorithm(jwk)
    check_operations(jwk, operation)
    check_strength(jwk)
    members = {name: value for name, value in jwk.items() if name in _KEY_MEMBERS}
    try:
        # joserfc's own type for a JWK is a dict of strings; a mapping with anything else in it is refused by it.
        material = import_joserfc_key(members)  # type: ignore[arg-type]
        algorithm.signature.check_key(material)
    except (JoserfcError, ValueError, TypeError, KeyError, AttributeError):
        raise InvalidKeyError("The JWK is not a valid key of its type.") from None
    return material


def key_algorithm(jwk: Mapping[str, object]) -> Algorithm:
    """Derive a JWK's one algorithm: its `alg`, else what its type and curve are used for by default."""
    kty, curve, alg = jwk.get("kty"), jwk.get("crv"), jwk.get("alg")
    if alg is None:
        alg = "EdDSA" if curve == "Ed25519" else _DEFAULT_ALGORITHMS.get(str(curve if kty == "EC" else kty))
    algorithm = ALGORITHMS.get(alg) if isinstance(alg, str) else None
    if algorithm is None or algorithm.kty != kty or algorithm.curve not in {None, curve}:
        raise InvalidKeyError("The JWK's type, curve and algorithm do not belong together, or are not supported.")
    return algorithm


def key_id(jwk: Mapping[str, object]) -> str | None:
    """Read a JWK's `kid`: a short string, or None."""
    kid = jwk.get("kid")
    if kid is None or (isinstance(kid, str) and 0 < len(kid) <= MAX_KID_LENGTH):
        return kid
    raise InvalidKeyError(f"A key's kid is a string of 1 to {MAX_KID_LENGTH} characters.")


def material_thumbprint(material: Key) -> str:
    """Compute the JWK thumbprint (RFC 7638) with SHA-256."""
    members = material.as_dict(private=False) if not isinstance(material, OctKey) else material.dict_value
    names = _REQUIRED_MEMBERS.get(material.key_type, ("k", "kty"))
    return thumbprint({name: str(members[name]) for name in names})


def _is_for_signatures(jwk: Mapping[str, object]) -> bool:
    if jwk.get("use", "sig") != "sig" or jwk.get("kty") not in {"RSA", "EC", "OKP", "oct"}:
        return False
    if "alg" in jwk and jwk["alg"] not in ALGORITHMS:
        return False
    return "crv" not in jwk or any(algorithm.curve == jwk["crv"] for algorithm in ALGORITHMS.values())


def _refuse_duplicates(keys: Sequence[VerificationKey]) -> None:
    names = [key.kid for key in keys]
    if len(set(names)) != len(names):
        raise InvalidKeyError("Two keys of the JWK Set have the same kid, or none.")
