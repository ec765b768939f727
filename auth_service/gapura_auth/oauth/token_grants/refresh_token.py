"""The refresh token grant (RFC 6749, section 6; RFC 9700, section 4.14; OpenID Connect Core, section 12)."""

from dataclasses import dataclass

from gapura_auth.oauth.errors import InvalidGrant
from gapura_auth.oauth.ports import Transactions
from gapura_auth.oauth.refresh import Presenter, Refreshed, refresh
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """Continues a session; the rules of rotation stand in `oauth.refresh`."""

    transactions: Transactions
    grants: PersonsGrants
    clock: Clock

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Use the refresh token, and narrow what it stands for where less is asked for.

        A wish for more than was granted leaves the token unused, so that the client can correct itself.
        """
        text, client = exchange.parameters.require("refresh_token"), exchange.client
        presenter = Presenter(client.id, exchange.binding, is_authenticated=not client.is_public)
        with self.transactions.write() as transaction:
            outcome = refresh(transaction.refresh_tokens, self.grants.policy, text, presenter, self.clock())
            redeemed = self._redeemed(outcome, exchange) if isinstance(outcome, Refreshed) else None
        if redeemed is None:
            raise InvalidGrant("The refresh token is not good.")
        return redeemed

    def _redeemed(self, refreshed: Refreshed, exchange: Exchange) -> Redeemed:
        grant = self.grants.fitted(refreshed.grant, exchange)
        identification = self.grants.identification(grant)
        return Redeemed(grant=grant, refresh_token=refreshed.refresh_token, identification=identification)
