"""The client credentials grant (RFC 6749, section 4.4): a client acts for itself, and nothing is written down."""

from dataclasses import dataclass

from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidScope, UnauthorizedClient
from gapura_auth.oauth.grants import Grant
from gapura_auth.oauth.ports import ClientStatuses
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.scopes import allowed_to_client, parse_scope
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES


@dataclass(frozen=True, slots=True)
class ClientCredentialsGrant:
    """Gives a client tokens of its own; no refresh token, because it can come again (section 4.4.3)."""

    resources: Resources
    statuses: ClientStatuses

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Say what the client may do for itself; there is nobody whose identity a scope could stand for."""
        client, parameters = exchange.client, exchange.parameters
        if client.is_public:
            raise UnauthorizedClient("A public client cannot act for itself.")
        grant = Grant(
            subject=client.id,
            client_id=client.id,
            audience=self.resources.audience_of(client, parameters.all("resource")),
            scopes=_scopes(client, parse_scope(parameters.get("scope"))),
            binding=exchange.binding,
            status=self.statuses.of(client.id),
        )
        return Redeemed(grant=grant)


def _scopes(client: Client, asked: tuple[str, ...]) -> frozenset[str]:
    allowed = allowed_to_client(asked or client.scopes, client.scopes) - IDENTITY_SCOPES
    if asked and not allowed:
        raise InvalidScope("The client may have none of the scopes that it asked for.")
    return allowed
