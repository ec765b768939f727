"""How proofs of possession (RFC 9449) are read, the same at every endpoint."""

from gapura.dpop import DpopVerifier, NonceSource
from gapura_auth.credentials import MasterKey
from gapura_auth.oauth.assertions import UsedIdentifiers
from gapura_auth.oauth.key_binding import ProofReader
from gapura_chassis.clock import Clock

#: Proofs are good for so long (seconds), give or take the clocks of honest clients: FAPI 2.0, section 5.3.2.1 wants ten
#: seconds in the future accepted, and a minute refused.
PROOF_SECONDS, PROOF_LEEWAY = 60.0, 30.0


def proof_reader(master_key: MasterKey, used: UsedIdentifiers, clock: Clock, *, with_nonces: bool) -> ProofReader:
    """Return what reads proofs; nonces are demanded where tokens are made."""
    nonces = NonceSource(master_key.derive("dpop nonces"))
    verifier = DpopVerifier(nonces=nonces if with_nonces else None, max_age=PROOF_SECONDS, leeway=PROOF_LEEWAY)
    return ProofReader(verifier, nonces, used, PROOF_SECONDS + PROOF_LEEWAY, clock)
