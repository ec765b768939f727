"""Token exchange (RFC 8693): a service that was called on a person's behalf calls the next one on the same behalf.

What comes out is never wider than what came in: not in scope, not in audience, not in time, and never without a key
where what came in was bound to one. It says who acts (section 4.1), and it dies with the session that it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gapura.revocation import read_reference
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, InvalidTarget, UnauthorizedClient
from gapura_auth.oauth.grants import Grant, StatusReference
from gapura_auth.oauth.introspection import plain
from gapura_auth.oauth.issued_tokens import IssuedToken, IssuedTokens
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.scopes import narrowed, parse_scope
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 -- the name of a type
JWT = "urn:ietf:params:oauth:token-type:jwt"
MOST_ACTORS = 4


@dataclass(frozen=True, slots=True)
class TokenExchangeGrant:
    """Exchanges access tokens of people; who may is decided by a client's grant types and by what is sent to it."""

    tokens: IssuedTokens
    resources: Resources

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Return what the client may do on behalf of the person; the token that came in is not used up."""
        client, parameters = exchange.client, exchange.parameters
        _check_types(client, parameters)
        issued = self.tokens.find_active(parameters.require("subject_token"))
        if issued is None or issued.grant is None:
            raise InvalidRequest("The subject_token is not good, or stands for no person.")
        self._check_may_act(client, issued)
        if exchange.binding.is_bearer and not issued.binding.is_bearer:
            raise InvalidRequest("The subject_token is bound to a key: what is exchanged for it must be as well.")
        grant = self._narrowed(issued, issued.grant, exchange)
        return Redeemed(grant=grant, extra={"issued_token_type": ACCESS_TOKEN})

    def _check_may_act(self, client: Client, issued: IssuedToken) -> None:
        """Let only those exchange a token to whom it is sent, or to whom it was issued."""
        is_own = issued.token.client_id == client.id
        if not is_own and not self.resources.is_addressee(client, issued.token.audience):
            raise UnauthorizedClient("The client may not act on behalf of the subject of this token.")

    def _narrowed(self, issued: IssuedToken, grant: Grant, exchange: Exchange) -> Grant:
        client, parameters, token = exchange.client, exchange.parameters, issued.token
        scopes = (token.scopes & grant.scopes & client.scopes) - IDENTITY_SCOPES
        return replace(
            grant,
            client_id=client.id,
            scopes=narrowed(parse_scope(parameters.get("scope")), scopes),
            audience=_audience(parameters, token.audience),
            binding=exchange.binding,
            actor=_actor(client, token.claims.get("act")),
            status=_status(token.claims),
            ends_at=min(grant.ends_at, token.expires_at),
        )


def _check_types(client: Client, parameters: Parameters) -> None:
    if client.is_public:
        raise UnauthorizedClient("A public client cannot exchange tokens.")
    if parameters.require("subject_token_type") not in {ACCESS_TOKEN, JWT}:
        raise InvalidRequest("The subject_token_type is not supported.")
    if parameters.get("requested_token_type") not in {None, ACCESS_TOKEN, JWT}:
        raise InvalidRequest("The requested_token_type is not supported.")
    if "actor_token" in parameters or "actor_token_type" in parameters:
        raise InvalidRequest("The actor is the client that asks; an actor_token is not supported.")


def _audience(parameters: Parameters, came_in: tuple[str, ...]) -> tuple[str, ...]:
    asked = dict.fromkeys((*parameters.all("resource"), *parameters.all("audience")))
    if not set(asked) <= set(came_in):
        raise InvalidTarget("The subject_token is not for this audience.")
    return tuple(asked) or came_in


def _actor(client: Client, before: object) -> Mapping[str, object]:
    """Return who acts, and for whom they act themselves, the latest first (section 4.1)."""
    if before is None:
        return {"sub": client.id}
    actors, inner = 1, before
    while isinstance(inner, Mapping) and "act" in inner:
        actors, inner = actors + 1, inner["act"]
    if actors >= MOST_ACTORS:
        raise InvalidRequest("The token was handed on too often.")
    return {"sub": client.id, "act": plain(before)}


def _status(claims: Mapping[str, object]) -> StatusReference | None:
    reference = read_reference(claims)
    return StatusReference(reference.uri, reference.index) if reference is not None else None
