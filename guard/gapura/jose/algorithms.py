from dataclasses import dataclass
from typing import Any, Protocol, cast

from joserfc.jws import JWSRegistry


class Signature(Protocol):
    """What joserfc offers for one algorithm: the part of it that is used here."""

    def check_key(self, key: Any) -> None:  # noqa: ANN401 - joserfc types its keys so
        """Refuse a key of another type, curve, use or algorithm."""

    def sign(self, msg: bytes, key: Any) -> bytes:  # noqa: ANN401
        """Sign a message with a private or shared key."""

    def verify(self, msg: bytes, sig: bytes, key: Any) -> bool:  # noqa: ANN401
        """Tell whether a signature is this message's."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A signature algorithm and the one kind of key it belongs to (RFC 7518 section 3.1, RFC 8037, RFC 9864)."""

    name: str
    kty: str
    curve: str | None = None

    @property
    def signature(self) -> Signature:
        """The implementation, which joserfc registers under the same name."""
        return cast("Signature", JWSRegistry.algorithms[self.name])


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("ES256", "EC", "P-256"),
        Algorithm("ES384", "EC", "P-384"),
        Algorithm("ES512", "EC", "P-521"),
        Algorithm("RS256", "RSA"),
        Algorithm("RS384", "RSA"),
        Algorithm("RS512", "RSA"),
        Algorithm("PS256", "RSA"),
        Algorithm("PS384", "RSA"),
        Algorithm("PS512", "RSA"),
        Algorithm("EdDSA", "OKP", "Ed25519"),
        Algorithm("Ed25519", "OKP", "Ed25519"),
        Algorithm("HS256", "oct"),
    )
}
"""Every algorithm that a key may be for. `none` and the short hashes are not in it, so nothing has to refuse them."""
