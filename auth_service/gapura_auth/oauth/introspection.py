"""Introspection: whether a token is good, for whoever it is sent to (RFC 7662; as a JWT: RFC 9701)."""

from collections.abc import Mapping
from dataclasses import dataclass

from gapura_auth.oauth.client_authentication import ClientAuthenticator, ClientCredentials
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidClient
from gapura_auth.oauth.id_tokens import AlgorithmSigner
from gapura_auth.oauth.issued_tokens import IssuedToken, IssuedTokens
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.ports import Transactions
from gapura_auth.oauth.refresh import find_refresh_token
from gapura_auth.oauth.resources import Resources
from gapura_chassis.clock import Clock

INTROSPECTION_TYPE = "token-introspection+jwt"
DEFAULT_ALGORITHM = "RS256"  # RFC 9701, section 6

INACTIVE: Mapping[str, object] = {"active": False}

#: Claims of an access token that are told as they stand in it (RFC 7662, section 2.2; RFC 9068, section 2.2).
_TOLD = ("iss", "sub", "aud", "scope", "client_id", "exp", "iat", "jti", "sid", "auth_time", "acr", "amr", "cnf", "act")


@dataclass(frozen=True, slots=True)
class Introspection:
    """Tells clients about tokens, each about those that concern it: the others look as if there were none."""

    issuer: str
    authenticator: ClientAuthenticator
    tokens: IssuedTokens
    transactions: Transactions
    resources: Resources
    signer: AlgorithmSigner
    clock: Clock

    def answer(self, credentials: ClientCredentials, parameters: Parameters) -> tuple[Client, Mapping[str, object]]:
        """Return the client that asks, and what it may know.

        Raises:
            OAuthError: when the client does not prove who it is: a public one never does (RFC 7662, section 4).

        """
        client = self.authenticator.authenticate(credentials, parameters)
        if client.is_public:
            raise InvalidClient("A client that has no secret cannot ask about tokens.")
        text = parameters.require("token")
        issued = self.tokens.find_active(text)
        if issued is not None:
            return client, self._about_access_token(client, issued)
        return client, self._about_refresh_token(client, text)

    def signed(self, client: Client, content: Mapping[str, object]) -> str:
        """Return the answer as a JWT that only this client may use (RFC 9701, section 5)."""
        claims = {
            "iss": self.issuer,
            "aud": client.id,
            "iat": int(self.clock()),
            "token_introspection": dict(content),
        }
        algorithm = client.algorithms.introspection or DEFAULT_ALGORITHM
        return self.signer.sign_with(algorithm, claims, typ=INTROSPECTION_TYPE)

    def _about_access_token(self, client: Client, issued: IssuedToken) -> Mapping[str, object]:
        token = issued.token
        if token.client_id != client.id and not self.resources.is_addressee(client, token.audience):
            return INACTIVE
        told = {name: plain(token.claims[name]) for name in _TOLD if name in token.claims}
        username = {"username": issued.grant.username} if issued.grant is not None and issued.grant.username else {}
        return {"active": True, "token_type": issued.binding.token_type} | told | username

    def _about_refresh_token(self, client: Client, text: str) -> Mapping[str, object]:
        now = self.clock()
        with self.transactions.read() as transaction:
            stored = find_refresh_token(transaction.refresh_tokens, text, now)
            if stored is None or stored.client_id != client.id or stored.consumed_at is not None:
                return INACTIVE
            grant = transaction.sessions.live_grant(stored.session_id, now)
        if grant is None:
            return INACTIVE
        scope = " ".join(sorted(grant.scopes & client.scopes))
        told = {"client_id": client.id, "sub": grant.subject, "scope": scope, "exp": int(stored.expires_at)}
        return {"active": True, "iss": self.issuer} | told


def plain(value: object) -> object:
    """Return a claim as it can be written to JSON again: a verified token's claims are read-only."""
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value
