"""The token endpoint and everything that looks at tokens, made of their parts."""

from collections.abc import Callable
from dataclasses import dataclass

from gapura.dpop import DPOP_ALGORITHMS
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.people import AccountPeople
from gapura_auth.browser.device_decisions import DeviceDecisions
from gapura_auth.credentials import MasterKey
from gapura_auth.keys.key_ring import KeyRing
from gapura_auth.oauth.access_tokens import AccessTokenIssuer
from gapura_auth.oauth.device_authorization import DeviceAuthorization
from gapura_auth.oauth.discovery import Capability
from gapura_auth.oauth.id_tokens import IdTokenIssuer
from gapura_auth.oauth.introspection import Introspection
from gapura_auth.oauth.issued_tokens import IssuedTokens
from gapura_auth.oauth.key_binding import KeyBindings, ProofReader
from gapura_auth.oauth.refresh import RefreshPolicy
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.revocation import Revocation
from gapura_auth.oauth.token_endpoint import GrantHandler, TokenEndpoint
from gapura_auth.oauth.token_grants.authorization_code import AuthorizationCodeGrant
from gapura_auth.oauth.token_grants.client_credentials import ClientCredentialsGrant
from gapura_auth.oauth.token_grants.device_code import DeviceCodeGrant
from gapura_auth.oauth.token_grants.jwt_bearer import JwtBearerGrant
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_auth.oauth.token_grants.refresh_token import RefreshTokenGrant
from gapura_auth.oauth.token_grants.token_exchange import TokenExchangeGrant
from gapura_auth.oauth.userinfo import UserInfo
from gapura_auth.oauth.vocabulary import GrantType
from gapura_auth.revocation.client_slots import ClientSlots
from gapura_auth.settings import AuthSettings
from gapura_auth.store.refresh_tokens import SlotLending
from gapura_auth.store.transactions import SqlTransactions
from gapura_auth.web.authorization_answers import AuthorizationAnswers
from gapura_auth.web.device_views import VERIFICATION, DeviceViews
from gapura_auth.web.token_views import DEVICE_AUTHORIZATION, INTROSPECT, REVOKE, TOKEN, TokenViews
from gapura_auth.web.userinfo_views import USERINFO, UserInfoViews
from gapura_auth.wiring.assertion_issuers import read_assertion_issuers
from gapura_auth.wiring.authorization import AuthorizationParts
from gapura_auth.wiring.clients import ClientParts, client_authentication_methods
from gapura_auth.wiring.proofs import proof_reader
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class TokenSurroundings:
    """What the rest of the service gives to the token endpoint."""

    database: Database
    clients: ClientParts
    access_tokens: AccessTokenIssuer
    keys: KeyRing
    master_key: MasterKey
    authentication: Authentication
    #: what signs people in who are asked about a device
    browsing: AuthorizationParts
    clock: Clock
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class TokenParts:
    """What the other parts of the service need of it."""

    transactions: SqlTransactions
    issued: IssuedTokens
    views: dict[str, object]
    capabilities: tuple[Capability, ...]


def resources_of(settings: AuthSettings) -> Resources:
    """Return the services that tokens can be issued for."""
    return Resources(settings.audience, frozenset(settings.resources))


def token_parts(settings: AuthSettings, around: TokenSurroundings) -> TokenParts:
    """Wire everything that clients call themselves."""
    lending = SlotLending(settings.issuer, settings.access_token_seconds)
    transactions = SqlTransactions(around.database, (settings.audience,), lending)
    issued = IssuedTokens(settings.issuer, around.keys, transactions, around.clients.registry, around.clock)
    views: dict[str, object] = {
        "tokens": _token_views(settings, around, transactions, issued),
        "userinfo": UserInfoViews(_userinfo(settings, around, issued)),
        "devices": _device_views(settings, around),
    }
    return TokenParts(transactions, issued, views, (_capability(settings),))


def _token_views(
    settings: AuthSettings, around: TokenSurroundings, transactions: SqlTransactions, issued: IssuedTokens
) -> TokenViews:
    resources, authenticator, clock = resources_of(settings), around.clients.authenticator, around.clock
    endpoint = TokenEndpoint(
        authenticator=authenticator,
        bindings=KeyBindings(_proofs(around, with_nonces=True), f"{settings.issuer}{TOKEN}"),
        handlers=_handlers(settings, around, transactions, issued),
        access_tokens=around.access_tokens,
        id_tokens=IdTokenIssuer(settings.issuer, around.keys, clock),
    )
    verification_uri = f"{settings.issuer}{VERIFICATION}"
    return TokenViews(
        endpoint,
        DeviceAuthorization(authenticator, transactions, resources, verification_uri, clock),
        Introspection(settings.issuer, authenticator, issued, transactions, resources, around.keys, clock),
        Revocation(authenticator, issued, transactions, clock),
    )


def _handlers(
    settings: AuthSettings, around: TokenSurroundings, transactions: SqlTransactions, issued: IssuedTokens
) -> dict[GrantType, GrantHandler]:
    resources, clock = resources_of(settings), around.clock
    policy = RefreshPolicy(settings.refresh_token_seconds, settings.refresh_grace_seconds)
    grants = PersonsGrants(AccountPeople(around.database), resources, policy)
    slots = ClientSlots(around.database, settings.issuer, clock)
    return {
        GrantType.AUTHORIZATION_CODE: AuthorizationCodeGrant(transactions, grants, clock),
        GrantType.REFRESH_TOKEN: RefreshTokenGrant(transactions, grants, clock),
        GrantType.CLIENT_CREDENTIALS: ClientCredentialsGrant(resources, slots),
        GrantType.DEVICE_CODE: DeviceCodeGrant(transactions, grants, clock),
        GrantType.TOKEN_EXCHANGE: TokenExchangeGrant(issued, resources),
        **_jwt_bearer(settings, around, transactions, grants),
    }


def _jwt_bearer(
    settings: AuthSettings, around: TokenSurroundings, transactions: SqlTransactions, grants: PersonsGrants
) -> dict[GrantType, GrantHandler]:
    """Return the grant of assertions, where the operator trusts somebody to make them."""
    if settings.assertion_issuers is None:
        return {}
    handler = JwtBearerGrant(
        audiences=frozenset({settings.issuer, f"{settings.issuer}{TOKEN}"}),
        issuers=read_assertion_issuers(settings.assertion_issuers),
        used=around.clients.used,
        transactions=transactions,
        grants=grants,
        session_seconds=settings.access_token_seconds,
        clock=around.clock,
        new_id=around.new_id,
    )
    return {GrantType.JWT_BEARER: handler}


def _device_views(settings: AuthSettings, around: TokenSurroundings) -> DeviceViews:
    browsing, registry = around.browsing, around.clients.registry
    decisions = DeviceDecisions(around.database, registry, settings.session_seconds, around.clock, around.new_id)
    answers = AuthorizationAnswers(browsing.pages, browsing.browsers)
    return DeviceViews(decisions, around.authentication, browsing.sessions, answers, settings.issuer, around.clock)


def _userinfo(settings: AuthSettings, around: TokenSurroundings, issued: IssuedTokens) -> UserInfo:
    return UserInfo(
        issuer=settings.issuer,
        audience=settings.audience,
        address=f"{settings.issuer}{USERINFO}",
        tokens=issued,
        proofs=_proofs(around, with_nonces=False),
        people=AccountPeople(around.database),
        clients=around.clients.registry,
        signer=around.keys,
    )


def _proofs(around: TokenSurroundings, *, with_nonces: bool) -> ProofReader:
    """Return what reads proofs; nonces are demanded where tokens are made, a token's own hash is enough elsewhere."""
    return proof_reader(around.master_key, around.clients.used, around.clock, with_nonces=with_nonces)


def _capability(settings: AuthSettings) -> Capability:
    methods, algorithms = client_authentication_methods(settings), list(settings.signing_algorithms)
    return Capability(
        endpoints={
            "token_endpoint": TOKEN,
            "userinfo_endpoint": USERINFO,
            "introspection_endpoint": INTROSPECT,
            "revocation_endpoint": REVOKE,
            "device_authorization_endpoint": DEVICE_AUTHORIZATION,
        },
        members={
            "grant_types_supported": [
                grant.value
                for grant in GrantType
                if grant is not GrantType.JWT_BEARER or settings.assertion_issuers is not None
            ],
            "introspection_endpoint_auth_methods_supported": [method for method in methods if method != "none"],
            "revocation_endpoint_auth_methods_supported": methods,
            "id_token_signing_alg_values_supported": algorithms,
            "userinfo_signing_alg_values_supported": algorithms,
            "introspection_signing_alg_values_supported": algorithms,
            "dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS),
            "tls_client_certificate_bound_access_tokens": settings.certificate_header is not None,
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "claim_types_supported": ["normal"],
            "claims_supported": list(CLAIMS),
        },
    )


#: What ID tokens and UserInfo really can say.
CLAIMS = (
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "sid",
    "preferred_username",
    "updated_at",
    "email",
    "email_verified",
)
