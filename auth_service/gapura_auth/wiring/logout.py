"""Logging out, made of its parts."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from gapura_auth.housekeeping import Housekeeping
from gapura_auth.keys.key_ring import KeyRing
from gapura_auth.logout.background import BackgroundDelivery
from gapura_auth.logout.browser_logout import BrowserLogout
from gapura_auth.logout.delivery import LogoutDelivery
from gapura_auth.oauth.discovery import Capability
from gapura_auth.oauth.id_token_hints import IdTokenHints
from gapura_auth.oauth.logout_tokens import LogoutTokenIssuer, RetryPolicy
from gapura_auth.settings import AuthSettings
from gapura_auth.web.authorization_answers import AuthorizationAnswers
from gapura_auth.web.logout_pages import LOGOUT
from gapura_auth.web.logout_views import LogoutViews
from gapura_auth.wiring.authorization import AuthorizationParts
from gapura_auth.wiring.clients import ClientParts, outbound_of
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

#: How soon a logout leaves that another process has written down.
LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class LogoutSurroundings:
    """What the rest of the service gives to logging out."""

    database: Database
    clients: ClientParts
    authorization: AuthorizationParts
    #: None where tokens are signed under a shared secret, and clients get no ID tokens
    keys: KeyRing | None
    clock: Clock
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class LogoutParts:
    """What the other parts of the service need of it."""

    delivery: LogoutDelivery | None
    #: delivers in the background
    housekeeping: Housekeeping
    views: dict[str, object]
    capabilities: tuple[Capability, ...]


def logout_parts(settings: AuthSettings, around: LogoutSurroundings) -> LogoutParts:
    """Wire the end session endpoint and the delivery of logout tokens."""
    delivery = _delivery(settings, around, around.keys) if around.keys is not None else None
    chores = {"logout delivery": BackgroundDelivery(delivery).hand_out} if delivery is not None else {}
    housekeeping = Housekeeping(chores, every_seconds=LOOK_EVERY_SECONDS)
    logout = BrowserLogout(
        issuer=settings.issuer,
        sessions=around.authorization.sessions,
        clients=around.clients.registry,
        hints=IdTokenHints(settings.issuer, around.keys) if around.keys is not None else None,
        wake=housekeeping.wake,
    )
    answers = AuthorizationAnswers(around.authorization.pages, around.authorization.browsers)
    views: dict[str, object] = {"logout": LogoutViews(logout, answers, settings.issuer)}
    return LogoutParts(delivery, housekeeping, views, (_capability(backchannel=delivery is not None),))


def _delivery(settings: AuthSettings, around: LogoutSurroundings, keys: KeyRing) -> LogoutDelivery:
    return LogoutDelivery(
        database=around.database,
        clients=around.clients.registry,
        tokens=LogoutTokenIssuer(settings.issuer, keys, around.clock, around.new_id),
        outbound=outbound_of(settings),  # of its own: clients that hang take no places from those whose keys we fetch
        policy=RetryPolicy(),
        clock=around.clock,
        jitter=random.random,
    )


def _capability(*, backchannel: bool) -> Capability:
    return Capability(
        endpoints={"end_session_endpoint": LOGOUT},
        members={
            "backchannel_logout_supported": backchannel,
            "backchannel_logout_session_supported": backchannel,
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
        },
    )
