"""The one place where a `GuardError` becomes HTTP; adapters only copy it into their framework's response."""

from collections.abc import Mapping
from dataclasses import dataclass

from gapura.dpop.proof import DPOP_ALGORITHMS
from gapura.errors import GuardError


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer that any framework can send."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, str]


def refuse(error: GuardError, *, realm: str) -> Refusal:
    """Write a refusal: body `{"msg": ...}`, a challenge, and never stored by a cache.

    The challenge is that of RFC 6750 section 3, or of RFC 9449 section 7.1 where a proof is what is wrong.
    """
    headers = {"Cache-Control": "no-store", **error.headers}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    else:
        headers["WWW-Authenticate"] = _challenge(error, realm)
    return Refusal(error.status, headers, {"msg": str(error)})


def _challenge(error: GuardError, realm: str) -> str:
    parameters = {"realm": realm}
    if error.scheme == "DPoP":
        parameters["algs"] = " ".join(DPOP_ALGORITHMS)
    if error.error is not None:
        parameters |= {"error": error.error, "error_description": str(error), **error.challenge}
    return f"{error.scheme} " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())
