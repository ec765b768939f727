import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from gapura.dpop.nonce import NonceSource
from gapura.dpop.proof import DpopProof, parse_proof
from gapura.dpop.replay import ReplayCache
from gapura.errors import InvalidDpopProofError, TooManyProofsError, UseDpopNonceError
from gapura.jose import encode_base64url

MAX_AGE = 60.0
LEEWAY = 10.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Possession:
    """What a request brings to prove that its sender holds a key: the proof, and what it must be a proof for."""

    proof: str
    method: str
    url: str


class DpopVerifier:
    """Verifies proofs (RFC 9449 section 4.3): form, signature, method, address, freshness, nonce, single use."""

    def __init__(
        self,
        *,
        nonces: NonceSource | None = None,
        replays: ReplayCache | None = None,
        max_age: float = MAX_AGE,
        leeway: float = LEEWAY,
    ) -> None:
        self._nonces = nonces
        self._max_age = max_age
        self._leeway = leeway
        self._replays = replays or ReplayCache(lifetime=max_age + leeway)

    def verify(self, possession: Possession, *, now: float, access_token: str | None = None) -> DpopProof:
        """Verify a proof for a request and, at a resource server, for the token it comes with.

        Raises `InvalidDpopProofError`, `UseDpopNonceError` (with a nonce to use) or `TooManyProofsError`. The caller
        compares the proof's thumbprint with the one that the token or code is bound to.
        """
        proof = parse_proof(possession.proof)
        _check_request(proof, possession)
        if access_token is not None and proof.token_hash != token_hash(access_token):
            raise InvalidDpopProofError("The DPoP proof is for another access token.")
        if not -self._leeway <= now - proof.issued_at <= self._max_age:
            raise InvalidDpopProofError("The DPoP proof is too old, or from the future.")
        self._check_nonce(proof, now)
        self._check_single_use(proof, now)
        return proof

    def _check_nonce(self, proof: DpopProof, now: float) -> None:
        if self._nonces is not None and not self._nonces.accepts(proof.nonce, now):
            raise UseDpopNonceError(self._nonces.issue(now))

    def _check_single_use(self, proof: DpopProof, now: float) -> None:
        if self._replays.is_full(now):
            raise TooManyProofsError
        identifier = hashlib.sha256(f"{proof.thumbprint}.{proof.identifier}".encode()).hexdigest()
        if not self._replays.use(identifier, now):
            raise InvalidDpopProofError("The DPoP proof was used before.")


def token_hash(access_token: str) -> str:
    """Compute the `ath` of a token (RFC 9449 section 4.2)."""
    return encode_base64url(hashlib.sha256(access_token.encode()).digest())


def _check_request(proof: DpopProof, possession: Possession) -> None:
    if proof.method != possession.method:
        raise InvalidDpopProofError("The DPoP proof is for another method.")
    if _normalized(proof.url) != _normalized(possession.url):
        raise InvalidDpopProofError("The DPoP proof is for another address.")


def _normalized(url: str) -> tuple[str, str, int | None, str]:
    """Compare addresses without query and fragment (section 4.3), after RFC 3986 section 6.2.3."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        raise InvalidDpopProofError("The DPoP proof's address is not one.") from None
    return parts.scheme, (parts.hostname or ""), port, parts.path or "/"
