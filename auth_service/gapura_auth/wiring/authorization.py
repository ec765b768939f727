"""The authorization endpoint and the pages of signing in, made of their parts."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.rights import Rights
from gapura_auth.browser.authorizations import Authorizations
from gapura_auth.browser.completion import Completion
from gapura_auth.browser.sessions import BrowserSessionPolicy, BrowserSessions
from gapura_auth.credentials import MasterKey
from gapura_auth.oauth import authentication_contexts
from gapura_auth.oauth.authorization_parameters import Display
from gapura_auth.oauth.client_metadata import CLIENT_ALGORITHMS
from gapura_auth.oauth.discovery import Capability
from gapura_auth.oauth.id_token_hints import IdTokenHints, PublishedVerificationKeys
from gapura_auth.oauth.incoming_requests import IncomingRequests
from gapura_auth.oauth.pushed_requests import PushedRequests
from gapura_auth.oauth.request_objects import RequestObjects
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.response_modes import ResponseEncoder
from gapura_auth.oauth.vocabulary import CODE, S256, Prompt, ResponseMode
from gapura_auth.settings import AuthSettings
from gapura_auth.store.authorization_requests import SqlAuthorizationRequests
from gapura_auth.web.asset_views import AssetViews
from gapura_auth.web.authorization_answers import AuthorizationAnswers
from gapura_auth.web.authorize_views import ADDRESS as AUTHORIZE
from gapura_auth.web.authorize_views import AuthorizeViews
from gapura_auth.web.browsers import Browsers
from gapura_auth.web.consent_views import ConsentViews
from gapura_auth.web.pages.rendering import Pages
from gapura_auth.web.par_views import ADDRESS as PUSH
from gapura_auth.web.par_views import PushedRequestViews
from gapura_auth.web.sign_in_views import SignInViews
from gapura_auth.wiring.clients import ClientParts
from gapura_auth.wiring.proofs import proof_reader
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The keys of a provider that signs with its own."""

    #: to read `id_token_hint`
    published: PublishedVerificationKeys
    master_key: MasterKey


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of the service gives to the authorization endpoint."""

    database: Database
    clients: ClientParts
    authentication: Authentication
    #: None where tokens are signed under a shared secret: then there is no provider, and people only sign in to us
    keys: OwnKeys | None
    clock: Clock
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class AuthorizationParts:
    """What the other parts of the service need of it."""

    #: logins in browsers
    sessions: BrowserSessions
    #: the cookies
    browsers: Browsers
    pages: Pages
    authorizations: Authorizations
    views: dict[str, object]
    capabilities: tuple[Capability, ...]


def authorization_parts(settings: AuthSettings, around: Surroundings) -> AuthorizationParts:
    """Wire everything that people see on their way to a client."""
    sessions = browser_sessions_of(settings, around)
    browsers = Browsers(sessions, https=settings.issuer.startswith("https://"))
    pages = Pages(base=urlsplit(settings.issuer).path)
    objects = RequestObjects(settings.issuer, around.clients.keys, around.clients.used, around.clock)
    resources = Resources(settings.audience, frozenset(settings.resources))
    pushed = PushedRequests(SqlAuthorizationRequests(around.database), objects, resources, around.clock)
    incoming = IncomingRequests(around.clients.registry, objects, pushed, resources)
    authorizations = _authorizations(settings, around, incoming)
    answers = AuthorizationAnswers(pages, browsers)
    sign_in = SignInViews(authorizations, around.authentication, sessions, answers, settings.issuer, around.clock)
    views: dict[str, object] = {
        "sign-in": sign_in,
        "consent": ConsentViews(authorizations, answers, settings.issuer),
        "assets": AssetViews(),
    }
    capabilities: tuple[Capability, ...] = ()
    if around.keys is not None:
        proofs = proof_reader(around.keys.master_key, around.clients.used, around.clock, with_nonces=False)
        views["authorization"] = AuthorizeViews(authorizations, answers)
        views["pushed requests"] = PushedRequestViews(around.clients.authenticator, pushed, proofs, settings.issuer)
        capabilities = (_capability(),)
    return AuthorizationParts(sessions, browsers, pages, authorizations, views, capabilities)


def browser_sessions_of(settings: AuthSettings, around: Surroundings) -> BrowserSessions:
    """Return what keeps logins in browsers."""
    policy = BrowserSessionPolicy(settings.browser_session_seconds, settings.browser_idle_seconds)
    return BrowserSessions(around.database, policy, around.clock, around.new_id)


def _authorizations(settings: AuthSettings, around: Surroundings, incoming: IncomingRequests) -> Authorizations:
    return Authorizations(
        incoming=incoming,
        store=SqlAuthorizationRequests(around.database),
        completion=Completion(around.database, settings.session_seconds, around.clock, around.new_id),
        encoder=ResponseEncoder(settings.issuer),
        hints=IdTokenHints(settings.issuer, around.keys.published) if around.keys is not None else None,
        rights=Rights(around.database),
        database=around.database,
        clock=around.clock,
    )


def _capability() -> Capability:
    return Capability(
        endpoints={"authorization_endpoint": AUTHORIZE, "pushed_authorization_request_endpoint": PUSH},
        members={
            "response_types_supported": [CODE],
            "response_modes_supported": [mode.value for mode in ResponseMode],
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": [S256],
            "prompt_values_supported": [prompt.value for prompt in Prompt],
            "display_values_supported": [display.value for display in Display],
            "ui_locales_supported": ["id", "en"],
            "acr_values_supported": list(authentication_contexts.ATTAINABLE),
            "claims_parameter_supported": True,
            "request_parameter_supported": True,
            "request_uri_parameter_supported": True,
            "require_request_uri_registration": True,
            "request_object_signing_alg_values_supported": sorted(CLIENT_ALGORITHMS),
            "authorization_response_iss_parameter_supported": True,
            "require_pushed_authorization_requests": False,
        },
    )
