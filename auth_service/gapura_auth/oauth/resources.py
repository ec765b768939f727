"""Which services a token is for (RFC 8707): the resources a client asks for, and what their tokens say as audience."""

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

    def audience_of(
        self, client: Client, requested: Sequence[str], granted: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Return the audience of a token.

        Args:
            client: who asks.
            requested: the `resource` parameters of this request.
            granted: the audience of the grant that it is based on, among which a token request can only choose; None
                where the client acts for itself.

        Raises:
            InvalidTarget: when a resource is malformed, unknown, or more than what the client or the grant allows.

        """
        if granted is not None:
            if not set(requested) <= set(granted):
                raise InvalidTarget("The resource was not part of the authorization.")
            return tuple(dict.fromkeys(requested)) or tuple(granted)
        for resource in requested:
            self._check(client, resource)
        return tuple(dict.fromkeys(requested)) or (self.default,)

    def is_addressee(self, client: Client, audience: Collection[str]) -> bool:
        """Whether tokens for this audience are sent to the client, as a service that other clients call."""
        return client.id in audience or (client.rules.first_party and self.default in audience)

    def _check(self, client: Client, resource: str) -> None:
        parts = urlsplit(resource)
        is_default = resource == self.default
        if not is_default and (not parts.scheme or "#" in resource):
            raise InvalidTarget("The resource must be an absolute URI without a fragment.")
        if not is_default and resource not in self.known:
            raise InvalidTarget("The resource is not known here.")
        if client.resources and resource not in client.resources:
            raise InvalidTarget("The client may not ask for this resource.")
