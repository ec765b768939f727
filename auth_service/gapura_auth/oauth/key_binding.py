"""Which key a token is bound to: the one of a DPoP proof (RFC 9449), or of a client certificate (RFC 8705)."""

from dataclasses import dataclass

from gapura.dpop import DpopProof, DpopVerifier, NonceSource, Possession
from gapura.errors import InvalidDpopProofError, TooManyProofsError, UseDpopNonceError
from gapura.jose import JoseError, parse_compact_with_embedded_key
from gapura_auth.oauth.assertions import UsedIdentifiers
from gapura_auth.oauth.certificates import ClientCertificate
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, OAuthError
from gapura_auth.oauth.grants import KeyBinding
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock

_KIND = "dpop proof"


@dataclass(frozen=True, slots=True)
class PresentedKeys:
    """The keys that a request shows possession of."""

    #: every DPoP proof of the request; more than one is an error (RFC 9449, section 4.3)
    proofs: tuple[str, ...] = ()
    #: the certificate of the connection
    certificate: ClientCertificate | None = None


NO_KEYS = PresentedKeys()


@dataclass(frozen=True, slots=True)
class ProofReader:
    """Verifies the DPoP proofs of requests to us; each is good once, in all processes together."""

    verifier: DpopVerifier
    nonces: NonceSource
    used: UsedIdentifiers
    #: how long a proof could be used again, in seconds
    lifetime: float
    clock: Clock

    def thumbprint(self, keys: PresentedKeys, method: str, address: str, access_token: str | None = None) -> str | None:
        """Return the thumbprint of the key that the request's proof was made with; None where there is no proof.

        Raises:
            OAuthError: when it is bad, needs a nonce, or was used before (RFC 9449, sections 5 and 8).

        """
        if not keys.proofs:
            return None
        if len(keys.proofs) > 1:
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, "More than one DPoP proof was sent.")
        proof = self._verified(Possession(keys.proofs[0], method, address), access_token)
        now = self.clock()
        if not self.used.first_use(_KIND, f"{proof.thumbprint} {proof.identifier}", now + self.lifetime, now):
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, "The DPoP proof was used before.")
        return proof.thumbprint

    def require_nonce(self, keys: PresentedKeys) -> None:
        """Ask for a nonce while nothing of the request is used up: it will come again, with the same client assertion.

        Only the nonce is looked at; whether the proof is worth anything is found out later.

        Raises:
            OAuthError: when a proof has no nonce of ours (RFC 9449, section 8).

        """
        for text in keys.proofs:
            try:
                nonce = parse_compact_with_embedded_key(text).claims().get("nonce")
            except JoseError:
                continue
            if not self.nonces.accepts(nonce if isinstance(nonce, str) else None, self.clock()):
                raise _use(self.next_nonce())

    def next_nonce(self) -> str:
        """Return a nonce for the next proof (RFC 9449, section 8.2)."""
        return self.nonces.issue(self.clock())

    def _verified(self, possession: Possession, access_token: str | None) -> DpopProof:
        try:
            return self.verifier.verify(possession, now=self.clock(), access_token=access_token)
        except UseDpopNonceError as error:
            raise _use(error.nonce) from None
        except InvalidDpopProofError as error:
            raise OAuthError(ErrorCode.INVALID_DPOP_PROOF, str(error)) from None
        except TooManyProofsError as error:
            raise OAuthError(ErrorCode.TEMPORARILY_UNAVAILABLE, str(error), status=503) from None


@dataclass(frozen=True, slots=True)
class KeyBindings:
    """Reads key bindings off POST requests to one address."""

    proofs: ProofReader
    #: the address that proofs must be made for
    address: str

    def of_request(self, client: Client, keys: PresentedKeys) -> KeyBinding:
        """Return what the tokens of this request are bound to.

        Raises:
            OAuthError: when a proof is bad, needs a nonce, was used before, or the client must show one and does not.

        """
        jkt = self.proofs.thumbprint(keys, "POST", self.address)
        certificate = keys.certificate if client.rules.certificate_bound else None
        if client.rules.dpop_bound and jkt is None:
            raise InvalidRequest("The client must send a DPoP proof.")
        if client.rules.certificate_bound and certificate is None:
            raise InvalidRequest("The client must present its certificate.")
        return KeyBinding(jkt=jkt, x5t_s256=certificate.thumbprint if certificate else None)

    def next_nonce(self) -> str:
        """Return a nonce for the next proof."""
        return self.proofs.next_nonce()


def _use(nonce: str) -> OAuthError:
    return OAuthError(ErrorCode.USE_DPOP_NONCE, "Use the nonce that was sent.", headers={"DPoP-Nonce": nonce})
