"""From what a person once granted to what one answer says: never more than the client may have today."""

from dataclasses import dataclass, replace

from gapura_auth.oauth.claims import People, claims_for
from gapura_auth.oauth.errors import InvalidGrant
from gapura_auth.oauth.grants import Grant
from gapura_auth.oauth.id_tokens import Identification
from gapura_auth.oauth.ports import Transaction
from gapura_auth.oauth.refresh import RefreshPolicy, issue_refresh_token
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.scopes import narrowed, parse_scope
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.vocabulary import OPENID, GrantType
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class PersonsGrants:
    """What is the same for every grant that a person stands behind."""

    people: People
    resources: Resources
    policy: RefreshPolicy

    def first(self, transaction: Transaction, session_id: str, exchange: Exchange, now: Timestamp) -> Redeemed:
        """Return the first tokens of a session, and keep what they are bound to.

        Raises:
            InvalidGrant: when the session has ended, its account may not be used, or it is another client's.

        """
        granted = transaction.refresh_tokens.live_grant(session_id, now)
        if granted is None:
            raise InvalidGrant("The session has ended.")
        grant = self.fitted(granted, exchange)
        if not grant.binding.is_bearer:
            transaction.sessions.bind(session_id, grant.binding)
        refresh_token = None
        if exchange.client.may_use(GrantType.REFRESH_TOKEN):
            store = transaction.refresh_tokens
            refresh_token = issue_refresh_token(store, self.policy, session_id, grant.ends_at, now)
        return Redeemed(
            grant=grant,
            refresh_token=refresh_token,
            identification=self.identification(grant, nonce=granted.nonce),
        )

    def fitted(self, grant: Grant, exchange: Exchange) -> Grant:
        """Return the grant as the access token is to carry it (RFC 6749, section 6; RFC 8707, section 2.2).

        Raises:
            InvalidScope: when more scope is asked for than was granted.
            InvalidTarget: when a resource is asked for that was not part of the authorization.

        """
        client, parameters = exchange.client, exchange.parameters
        if grant.client_id != client.id:
            raise InvalidGrant("The grant is for another client.")
        return replace(
            grant,
            scopes=narrowed(parse_scope(parameters.get("scope")), grant.scopes & client.scopes),
            audience=self.resources.audience_of(client, parameters.all("resource"), grant.audience),
            binding=exchange.binding,
        )

    def identification(self, grant: Grant, *, nonce: str | None = None) -> Identification | None:
        """Return what the ID token says; None where none is due (OpenID Connect Core, section 3.1.3.3)."""
        if OPENID not in grant.scopes or grant.login is None or grant.session_id is None:
            return None
        return Identification(
            subject=grant.subject,
            client_id=grant.client_id,
            session_id=grant.session_id,
            login=grant.login,
            nonce=nonce,
            claims=self._claims_asked_for(grant),
        )

    def _claims_asked_for(self, grant: Grant) -> dict[str, object]:
        """Return the claims asked for one by one; those of scopes are at UserInfo (section 5.4)."""
        asked = grant.requested_claims.id_token
        person = self.people.find(grant.subject) if asked else None
        return claims_for(person, (), asked) if person is not None else {}
