import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self, cast

from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from gapura.jose.algorithms import ALGORITHMS, Algorithm
from gapura.jose.encoding import encode_base64url
from gapura.jose.errors import InvalidKeyError
from gapura.jose.key_checks import check_secret
from gapura.jose.keys import (
    VerificationKey,
    import_material,
    key_algorithm,
    key_id,
    material_thumbprint,
)

RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, its one algorithm and its name. The key object is made once: signing costs only the signature."""

    kid: str
    algorithm: Algorithm
    material: Key = field(repr=False, compare=False)

    @property
    def alg(self) -> str:
        """The algorithm's name, as it stands in headers."""
        return self.algorithm.name

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Import a private JWK (RFC 7517 section 9.3); without a `kid` its name is its thumbprint (RFC 7638)."""
        material = import_material(jwk, operation="sign")
        if not material.is_private or isinstance(material, OctKey):
            raise InvalidKeyError("A signing key is a private, asymmetric JWK.")
        return cls(key_id(jwk) or material_thumbprint(material), key_algorithm(jwk), material)

    def public_jwk(self) -> dict[str, object]:
        """Give the JWK to publish: no private member, with `kid`, `alg` and `use`."""
        return self._jwk(self.material.as_dict(private=False))

    def private_jwk(self) -> dict[str, object]:
        """Give the JWK to store, encrypted; `from_jwk` reads it."""
        return self._jwk(self.material.as_dict(private=True))

    @property
    def verification_key(self) -> VerificationKey:
        """The key that verifies what this one signs."""
        return VerificationKey(self.kid, self.algorithm, material_thumbprint(self.material), self.material)

    def _jwk(self, members: Mapping[str, object]) -> dict[str, object]:
        return {**members, "kid": self.kid, "alg": self.alg, "use": "sig"}


@dataclass(frozen=True, slots=True)
class SharedSecretKey:
    """A secret that several services sign and verify with (HS256); every holder can speak for every other."""

    material: OctKey = field(repr=False, compare=False)
    algorithm: Algorithm = ALGORITHMS["HS256"]
    kid: None = None

    @property
    def verification_key(self) -> VerificationKey:
        """The key that verifies what this one signs: the same secret."""
        return VerificationKey(None, self.algorithm, material_thumbprint(self.material), self.material)


def generate_signing_key(alg: str, kid: str | None = None) -> SigningKey:
    """Make a new key for an asymmetric algorithm, named by its thumbprint unless a name is given."""
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None or algorithm.kty == "oct":
        raise InvalidKeyError(f"{alg!r} is not an asymmetric algorithm that is supported here.")
    material = _generate(algorithm)
    return SigningKey(kid or material_thumbprint(material), algorithm, material)


def shared_secret_key(secret: str | bytes) -> SharedSecretKey:
    """Make an HS256 key of a shared secret of at least 32 bytes (RFC 7518 section 3.2)."""
    raw = secret.encode() if isinstance(secret, str) else secret
    check_secret(raw)
    return SharedSecretKey(OctKey.import_key(raw))


def sign(claims: Mapping[str, object], key: SigningKey | SharedSecretKey, *, typ: str) -> str:
    """Sign claims as a compact JWS (RFC 7515 section 7.1) with the header members `alg`, `kid` and `typ`."""
    payload = json.dumps(claims, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    signing_input = f"{_header_segment(key.algorithm.name, key.kid, typ)}.{encode_base64url(payload)}"
    signature = key.algorithm.signature.sign(signing_input.encode("ascii"), key.material)
    return f"{signing_input}.{encode_base64url(signature)}"


@lru_cache(maxsize=256)
def _header_segment(alg: str, kid: str | None, typ: str) -> str:
    header = {"alg": alg, "typ": typ} if kid is None else {"alg": alg, "kid": kid, "typ": typ}
    return encode_base64url(json.dumps(header, separators=(",", ":")).encode())


def _generate(algorithm: Algorithm) -> Key:
    if algorithm.kty == "RSA":
        return RSAKey.generate_key(RSA_BITS)
    if algorithm.kty == "EC":
        return ECKey.generate_key(algorithm.curve)
    return cast("Key", OKPKey.generate_key("Ed25519"))
