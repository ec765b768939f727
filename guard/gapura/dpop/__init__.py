"""Proof of possession (RFC 9449): a token that is bound to a key is worth nothing to whoever steals it without the key.

* `DpopVerifier.verify(proof, ...)`: for a resource server (with the access token) and a token endpoint (without).
* `NonceSource`: nonces that need no storage and that every process with the same secret accepts.
* `ReplayCache`: remembers proofs for as long as they are fresh, and never more than its bound.
"""

from gapura.dpop.nonce import NonceSource
from gapura.dpop.proof import DPOP_ALGORITHMS, DpopProof, parse_proof
from gapura.dpop.replay import ReplayCache
from gapura.dpop.verifier import DpopVerifier, Possession, token_hash

__all__ = [
    "DPOP_ALGORITHMS",
    "DpopProof",
    "DpopVerifier",
    "NonceSource",
    "Possession",
    "ReplayCache",
    "parse_proof",
    "token_hash",
]
