"""Revocation: a client says that it needs a token no more (RFC 7009). What it belongs to ends, with all its tokens."""

from dataclasses import dataclass

from gapura_auth.oauth.client_authentication import ClientAuthenticator, ClientCredentials
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidGrant, OAuthError
from gapura_auth.oauth.issued_tokens import IssuedTokens
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.ports import Transactions
from gapura_auth.oauth.refresh import find_refresh_token
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock

NOT_YOURS = "The token was issued to another client."


@dataclass(frozen=True, slots=True)
class Revocation:
    """Ends sessions by any of their tokens; the hint of section 2.1 is not needed to tell the kinds apart."""

    authenticator: ClientAuthenticator
    tokens: IssuedTokens
    transactions: Transactions
    clock: Clock

    def revoke(self, credentials: ClientCredentials, parameters: Parameters) -> None:
        """Revoke a token; one that is unknown or revoked already is none to complain about (section 2.2).

        Raises:
            OAuthError: when the client does not prove who it is, or the token is another client's.

        """
        client = self.authenticator.authenticate(credentials, parameters)
        session_id = self._session_of(client, parameters.require("token"))
        if session_id is not None:
            with self.transactions.write() as transaction:
                transaction.sessions.end(session_id, self.clock(), "token revoked by the client")

    def _session_of(self, client: Client, text: str) -> str | None:
        token = self.tokens.read(text)
        if token is None:
            return self._session_of_refresh_token(client, text)
        if token.client_id != client.id:
            raise InvalidGrant(NOT_YOURS)
        if token.session_id is None or "act" in token.claims:
            # such a token has no session of its own that could end; it expires within minutes
            raise OAuthError(ErrorCode.UNSUPPORTED_TOKEN_TYPE, "Tokens of this kind cannot be revoked one by one.")
        return token.session_id

    def _session_of_refresh_token(self, client: Client, text: str) -> str | None:
        with self.transactions.read() as transaction:
            stored = find_refresh_token(transaction.refresh_tokens, text, self.clock())
        if stored is None:
            return None
        if stored.client_id != client.id:
            raise InvalidGrant(NOT_YOURS)
        return stored.session_id
