"""The token endpoint: one pipeline for every grant (RFC 6749, section 3.2).

    read the parameters → who is the client → may it use this grant → which key binds the token
        → the grant's own part: consume what is exchanged → issue → answer

A grant fills in only its own part and cannot forget a shared step; nothing is issued before everything that may be
used once has been consumed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gapura_auth.oauth.access_tokens import AccessToken, AccessTokenIssuer
from gapura_auth.oauth.client_authentication import ClientAuthenticator, ClientCredentials
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError, UnauthorizedClient
from gapura_auth.oauth.grants import Grant, KeyBinding
from gapura_auth.oauth.id_tokens import Identification, IdTokenIssuer
from gapura_auth.oauth.key_binding import KeyBindings, PresentedKeys
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.vocabulary import ErrorCode, GrantType


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A request to the token endpoint, as far as HTTP matters."""

    parameters: Parameters
    credentials: ClientCredentials
    keys: PresentedKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What a grant was exchanged for: everything that may be used once has been consumed."""

    grant: Grant
    refresh_token: str | None = None
    #: what the ID token says, where one is due
    identification: Identification | None = None
    #: members of the answer that only this grant has
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A token request as far as grants look at it: its client has proved who it is, and may use this grant."""

    client: Client
    parameters: Parameters
    #: what the access token is to be bound to
    binding: KeyBinding


class GrantHandler(Protocol):
    """The part of the pipeline that differs from grant to grant."""

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Consume what the client exchanges, and say what it gets for it; raises `OAuthError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """A successful answer (RFC 6749, section 5.1)."""

    access_token: AccessToken
    token_type: str
    refresh_token: str | None
    id_token: str | None
    extra: Mapping[str, str]
    #: for the next proof (RFC 9449, section 8.2)
    dpop_nonce: str | None = None

    def members(self) -> dict[str, object]:
        """Return the members of the JSON answer."""
        members: dict[str, object | None] = {
            "access_token": self.access_token.text,
            "token_type": self.token_type,
            "expires_in": self.access_token.expires_in,
            "scope": " ".join(sorted(self.access_token.scopes)) or None,
            "refresh_token": self.refresh_token,
            "id_token": self.id_token,
        }
        return {name: value for name, value in members.items() if value is not None} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Turns token requests into tokens."""

    authenticator: ClientAuthenticator
    bindings: KeyBindings
    handlers: Mapping[GrantType, GrantHandler]
    access_tokens: AccessTokenIssuer
    id_tokens: IdTokenIssuer
    #: told of every success, for the metrics
    observe: Callable[[GrantType], object] = lambda _grant_type: None

    def answer(self, request: TokenRequest) -> TokenResponse:
        """Answer a token request.

        Raises:
            OAuthError: when it is refused.

        """
        self.bindings.proofs.require_nonce(request.keys)
        client = self.authenticator.authenticate(request.credentials, request.parameters)
        grant_type = self._grant_type(client, request.parameters)
        binding = self.bindings.of_request(client, request.keys)
        redeemed = self.handlers[grant_type].redeem(Exchange(client, request.parameters, binding))
        self.observe(grant_type)
        return self._issue(client, redeemed)

    def _grant_type(self, client: Client, parameters: Parameters) -> GrantType:
        try:
            grant_type = GrantType(parameters.require("grant_type"))
        except ValueError:
            raise _unsupported() from None
        if grant_type not in self.handlers:
            raise _unsupported()
        if not client.may_use(grant_type):
            raise UnauthorizedClient("The client is not registered for this grant type.")
        return grant_type

    def _issue(self, client: Client, redeemed: Redeemed) -> TokenResponse:
        access_token = self.access_tokens.issue(redeemed.grant)
        return TokenResponse(
            access_token=access_token,
            token_type=redeemed.grant.binding.token_type,
            refresh_token=redeemed.refresh_token,
            id_token=self._id_token(client, redeemed, access_token),
            extra=redeemed.extra,
            dpop_nonce=self.bindings.next_nonce() if redeemed.grant.binding.jkt else None,
        )

    def _id_token(self, client: Client, redeemed: Redeemed, access_token: AccessToken) -> str | None:
        if redeemed.identification is None:
            return None
        identification = redeemed.identification.beside(access_token.text)
        return self.id_tokens.issue(identification, client.algorithms.id_token)


def _unsupported() -> OAuthError:
    return OAuthError(ErrorCode.UNSUPPORTED_GRANT_TYPE, "The grant type is not supported.")
