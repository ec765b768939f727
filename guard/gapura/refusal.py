"""The one place where a `GuardError` becomes HTTP; adapters only copy it into their framework's response."""

from collections.abc import Mapping
from dataclasses import dataclass

from gapura.errors import GuardError


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer that any framework can send."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, str]


def refuse(error: GuardError, *, realm: str) -> Refusal:
    """Write a refusal: body `{"msg": ...}`, challenge after RFC 6750 section 3, never stored by a cache."""
    headers = {"Cache-Control": "no-store"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    else:
        headers["WWW-Authenticate"] = _challenge(error, realm)
    return Refusal(error.status, headers, {"msg": str(error)})


def _challenge(error: GuardError, realm: str) -> str:
    parameters = {"realm": realm}
    if error.error is not None:
        parameters |= {"error": error.error, "error_description": str(error), **error.challenge}
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())
