from collections.abc import Mapping

from gapura.dpop import DpopVerifier, Possession
from gapura.errors import BoundTokenError, InvalidDpopProofError, InvalidTokenError


def read_confirmation(claims: Mapping[str, object]) -> str | None:
    """Read the thumbprint of the key that a token is bound to (RFC 9449 section 6.1), or None for a bearer token.

    A token that is bound in a way that cannot be checked here, such as to a certificate, raises `InvalidTokenError`.
    """
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    thumbprint = confirmation.get("jkt") if isinstance(confirmation, Mapping) and len(confirmation) == 1 else None
    if not isinstance(thumbprint, str) or not thumbprint:
        raise InvalidTokenError("The token is bound to a key in a way that is not supported here.")
    return thumbprint


def check_possession(
    thumbprint: str | None, token: str, possession: Possession | None, dpop: DpopVerifier, *, now: float
) -> None:
    """Hold a token that is bound, or that came with a proof, against the other: neither is good alone (section 7)."""
    if possession is None:
        raise BoundTokenError("The token is bound to a key: send it with a DPoP proof.")
    if thumbprint is None:
        raise BoundTokenError("The token is not bound to a key: send it as a Bearer token.")
    if dpop.verify(possession, now=now, access_token=token).thumbprint != thumbprint:
        raise InvalidDpopProofError("The DPoP proof is made with another key than the token is bound to.")
