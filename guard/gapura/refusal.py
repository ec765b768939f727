"""The one place where a `GuardError` becomes HTTP; adapters only copy it into their framework's response."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gapura.dpop.proof import DPOP_ALGORITHMS
from gapura.errors import GuardError
from gapura.metadata import ProtectedResource

_NOT_QUOTABLE = re.compile(r"[^ !#-\[\]-~]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer that any framework can send."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, str]


def refuse(error: GuardError, *, realm: str, resource: ProtectedResource | None = None) -> Refusal:
    """Write a refusal: body `{"msg": ...}`, a challenge, and never stored by a cache.

    The challenge is that of RFC 6750 section 3, or of RFC 9449 section 7.1 where a proof is what is wrong.
    It says where the resource's metadata is, if it has any (RFC 9728 section 5.1).
    """
    headers = {"Cache-Control": "no-store", **error.headers}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    else:
        headers["WWW-Authenticate"] = _challenge(error, realm, resource)
    return Refusal(error.status, headers, {"msg": str(error)})


def _challenge(error: GuardError, realm: str, resource: ProtectedResource | None) -> str:
    parameters = {"realm": realm}
    if error.scheme == "DPoP":
        parameters["algs"] = " ".join(DPOP_ALGORITHMS)
    if error.error is not None:
        parameters |= {"error": error.error, "error_description": str(error), **error.challenge}
    if resource is not None:
        parameters["resource_metadata"] = resource.metadata_url
    return f"{error.scheme} " + ", ".join(f'{name}="{_quotable(value)}"' for name, value in parameters.items())


def _quotable(value: str) -> str:
    # A sentence may hold what a token says: in a header it is plain ASCII without quotes (RFC 6750 section 3).
    return _NOT_QUOTABLE.sub("?", value)
