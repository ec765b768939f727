"""Access tokens that come back to us: at UserInfo, introspection, revocation and token exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gapura.claims import read_access_token
from gapura.errors import InvalidTokenError
from gapura.jose import JoseError, VerificationKey, parse_compact, verify_signature
from gapura.token import AccessToken
from gapura_auth.oauth.access_tokens import ACCESS_TOKEN_TYPE
from gapura_auth.oauth.client_authentication import Clients
from gapura_auth.oauth.grants import Grant, KeyBinding
from gapura_auth.oauth.ports import Transactions
from gapura_chassis.clock import Clock


class PublishedKeySet(Protocol):
    """The keys that our tokens are verified with."""

    def find(self, kid: str | None) -> VerificationKey | None:
        """Return a published key."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token of ours that is still good."""

    token: AccessToken
    #: the key that it can only be used with
    binding: KeyBinding
    #: what its session stands for today; None for a token of a client that acts for itself
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """Reads access tokens of ours, whatever service they are for."""

    issuer: str
    keys: PublishedKeySet
    transactions: Transactions
    clients: Clients
    clock: Clock

    def find_active(self, text: str) -> IssuedToken | None:
        """Return a token that every service would accept; None where it is not ours, has expired or was revoked."""
        token = self.read(text)
        if token is None or token.client_id is None:
            return None
        binding = _binding_of(token.claims)
        if token.session_id is None:
            return IssuedToken(token, binding, None) if self.clients.find(token.client_id) is not None else None
        with self.transactions.read() as transaction:
            grant = transaction.sessions.live_grant(token.session_id, self.clock())
        return IssuedToken(token, binding, grant) if grant is not None else None

    def read(self, text: str) -> AccessToken | None:
        """Return a token that we have signed and that has not expired; it may have been revoked."""
        try:
            token = self._verified(text)
        except (JoseError, InvalidTokenError):
            return None
        return token if token is not None and self.clock() < token.expires_at else None

    def _verified(self, text: str) -> AccessToken | None:
        jws = parse_compact(text)
        key = self.keys.find(jws.header.kid)
        if key is None or jws.header.typ != ACCESS_TOKEN_TYPE:
            return None
        verify_signature(jws, key)
        token = read_access_token(jws.claims())
        return token if token.issuer == self.issuer else None


def _binding_of(claims: Mapping[str, object]) -> KeyBinding:
    confirmation = claims.get("cnf")
    members = confirmation if isinstance(confirmation, Mapping) else {}
    return KeyBinding(jkt=members.get("jkt"), x5t_s256=members.get("x5t#S256"))
