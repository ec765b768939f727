"""The authorization code grant (RFC 6749, section 4.1.3; RFC 7636, section 4.6; OAuth 2.1, section 4.1.3)."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from gapura.jose import encode_base64url
from gapura_auth.oauth.authorization_codes import StoredCode, use_code
from gapura_auth.oauth.errors import InvalidGrant, OAuthError
from gapura_auth.oauth.ports import Transaction, Transactions
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_chassis.clock import Clock, Timestamp

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)

NOT_GOOD = "The authorization code is not good."


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """Exchanges codes: each once, by the client that it was issued to, from where the authorization was asked for."""

    transactions: Transactions
    grants: PersonsGrants
    clock: Clock

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Use the code up, then look at what it is good for; whatever is wrong with the request, it is gone."""
        text, now = exchange.parameters.require("code"), self.clock()
        with self.transactions.write() as transaction:
            outcome = self._use(transaction, text, exchange, now)
        if isinstance(outcome, OAuthError):
            raise outcome
        return outcome

    def _use(self, transaction: Transaction, text: str, exchange: Exchange, now: Timestamp) -> Redeemed | OAuthError:
        code = use_code(transaction.codes, text, now)
        if not isinstance(code, StoredCode):
            return InvalidGrant(NOT_GOOD)
        try:
            check_code(code, exchange)
            return self.grants.first(transaction, code.session_id, exchange, now)
        except OAuthError as error:
            # whoever fails here has the code and not what belongs to it: nothing shall ever come of it
            transaction.sessions.end(code.session_id, now, "authorization code refused")
            return error


def check_code(code: StoredCode, exchange: Exchange) -> None:
    """Refuse a code that comes from somebody else than the client that it was issued to.

    Raises:
        InvalidGrant: when the client, the redirect URI, the PKCE verifier or the DPoP key is another one.

    """
    if code.client_id != exchange.client.id:
        raise InvalidGrant(NOT_GOOD)
    _check_redirect_uri(code.redirect_uri, exchange)
    _check_verifier(code.code_challenge, exchange.parameters.get("code_verifier"))
    if code.dpop_jkt is not None and code.dpop_jkt != exchange.binding.jkt:
        raise InvalidGrant("The authorization code is bound to another DPoP key.")


def _check_redirect_uri(asked_for: str | None, exchange: Exchange) -> None:
    """Where the authorization request had one, exactly the same must come."""
    given = exchange.parameters.get("redirect_uri")
    expected = {asked_for} if asked_for is not None else {None, *exchange.client.redirect_uris}
    if given not in expected:
        raise InvalidGrant("The redirect_uri is not the one of the authorization request.")


def _check_verifier(challenge: str | None, verifier: str | None) -> None:
    if challenge is None:
        if verifier is not None:  # somebody took the challenge out of the request: RFC 9700, section 4.8.2
            raise InvalidGrant("There was no code_challenge in the authorization request.")
        return
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        raise InvalidGrant("The code_verifier is missing or malformed.")
    digest = encode_base64url(hashlib.sha256(verifier.encode()).digest())
    if not hmac.compare_digest(digest.encode(), challenge.encode()):
        raise InvalidGrant("The code_verifier does not match the code_challenge.")
