"""Which service a token is for (RFC 8707): resource identifiers in, audiences out.

The services of one installation share a default audience, for clients that name no resource. A client that names one
gets a token for exactly that service, which no other accepts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidTarget


@dataclass(frozen=True, slots=True)
class Resources:
    """The services that tokens can be issued for."""

    #: audience of a token for which no resource was named
    default: str
    #: identifiers of the services that can be named
    known: frozenset[str] = frozenset()

    def audience_of(self, client: Client, requested: Sequence[str], granted: Collection[str] = ()) -> tuple[str, ...]:
        """Return the audience of a token.

        Args:
            client: who asks.
            requested: the `resource` parameters of this request.
            granted: the resources of the grant it is based on; a token request can only choose among them.

        Raises:
            InvalidTarget: when a resource is malformed, unknown, or more than what the client or the grant allows.

        """
        for resource in requested:
            self._check(client, resource)
            if granted and resource not in granted:
                raise InvalidTarget("The resource was not part of the authorization.")
        return tuple(dict.fromkeys(requested)) or tuple(granted) or (self.default,)

    def _check(self, client: Client, resource: str) -> None:
        parts = urlsplit(resource)
        is_default = resource == self.default
        if not is_default and (not parts.scheme or parts.fragment or "#" in resource):
            raise InvalidTarget("The resource must be an absolute URI without a fragment.")
        if not is_default and resource not in self.known:
            raise InvalidTarget("The resource is not known here.")
        if client.resources and resource not in client.resources:
            raise InvalidTarget("The client may not ask for this resource.")
