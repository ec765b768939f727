"""What the provider says of itself (OpenID Connect Discovery, section 3; RFC 8414, section 2).

Every part of the protocol describes itself as a `Capability`; the document is the sum of those that are wired, so it
cannot promise what is not there, or forget what is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Document = dict[str, object]

OPENID_CONFIGURATION = "/.well-known/openid-configuration"
AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What one part of the protocol adds to the document."""

    #: member to path below the issuer: `{"token_endpoint": "/oauth/token"}`
    endpoints: Mapping[str, str] = field(default_factory=dict)
    #: member to value; lists of several capabilities are joined, any other value is said once
    members: Mapping[str, object] = field(default_factory=dict)


class Contradiction(Exception):
    """Two capabilities say different things about one member."""


def provider_metadata(issuer: str, capabilities: Iterable[Capability]) -> Document:
    """Return the members of the document.

    Raises:
        Contradiction: when two capabilities do not agree.

    """
    document: Document = {"issuer": issuer}
    for capability in capabilities:
        for member, path in capability.endpoints.items():
            _add(document, member, f"{issuer}{path}")
        for member, value in capability.members.items():
            _add(document, member, value)
    return {member: value for member, value in document.items() if value != []}


def _add(document: Document, member: str, value: object) -> None:
    if not isinstance(value, list | tuple):
        if document.setdefault(member, value) != value:
            raise Contradiction(member)
        return
    present = document.get(member, [])
    if not isinstance(present, list):
        raise Contradiction(member)
    document[member] = list(dict.fromkeys([*present, *value]))
