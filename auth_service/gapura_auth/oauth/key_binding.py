"""Which key a token is bound to: the one of a DPoP proof (RFC 9449), or of a client certificate (RFC 8705)."""

from dataclasses import dataclass
from typing import Protocol

from gapura.dpop import DpopVerifier, Possession
from gapura.errors import InvalidDpopProofError, UseDpopNonceError
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, OAuthError
from gapura_auth.oauth.grants import KeyBinding
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock, Timestamp


@dataclass(frozen=True, slots=True)
class PresentedKeys:
    """The keys that a request shows possession of."""

    #: every `DPoP` header of the request; more than one is an error
    proofs: tuple[str, ...] = ()
    #: SHA-256 of the verified client certificate, base64url
    certificate_thumbprint: str | None = None


class ProofStore(Protocol):
    """Remembers proofs for as long as they could be used again, for all processes together."""

    def first_use(self, kind: str, text: str, expires_at: Timestamp, now: Timestamp) -> bool:
        """Remember an identifier; False when it was used before."""


@dataclass(frozen=True, slots=True)
class KeyBindings:
    """Reads key bindings off requests to one address."""

    proofs: DpopVerifier
    used: ProofStore
    #: the address that proofs must be made for
    address: str
    #: how long a proof could be used again, in seconds
    proof_lifetime: float
    clock: Clock

    def of_request(self, client: Client, keys: PresentedKeys) -> KeyBinding:
        """Return what the tokens of this request are bound to.

        Raises:
            OAuthError: when a proof is bad, needs a nonce, was used before, or the client must show one and does not.

        """
        jkt = self._thumbprint_of_proof(keys) if keys.proofs else None
        x5t = keys.certificate_thumbprint if client.rules.certificate_bound else None
        if client.rules.dpop_bound and jkt is None:
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, "The client must send a DPoP proof.")
        if client.rules.certificate_bound and x5t is None:
            raise InvalidRequest("The client must present its certificate.")
        return KeyBinding(jkt=jkt, x5t_s256=x5t)

    def _thumbprint_of_proof(self, keys: PresentedKeys) -> str:
        if len(keys.proofs) > 1:
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, "More than one DPoP proof was sent.")
        now = self.clock()
        try:
            proof = self.proofs.verify(Possession(keys.proofs[0], "POST", self.address), now=now)
        except UseDpopNonceError as error:
            headers = {"DPoP-Nonce": error.nonce}
            raise OAuthError(ErrorCode.USE_DPOP_NONCE, "Use the nonce that was sent.", headers=headers) from None
        except InvalidDpopProofError as error:
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, str(error)) from None
        if not self.used.first_use("dpop", f"{proof.thumbprint} {proof.identifier}", now + self.proof_lifetime, now):
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, "The DPoP proof was used before.")
        return proof.thumbprint
