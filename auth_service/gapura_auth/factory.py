"""The whole wiring of the auth service: what is made of what."""

import os
import uuid
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Connection

from gapura import Guard, SharedSecret, SharedSecretIssuer, TrustedIssuer, Verifier
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.password_change import PasswordChange
from gapura_auth.accounts.passwords import Passwords
from gapura_auth.accounts.registration import Registration
from gapura_auth.accounts.rights import Rights
from gapura_auth.accounts.sessions import Sessions
from gapura_auth.credentials import Argon2Parameters, HashingSlots, PasswordHasher
from gapura_auth.demo import add_demo_accounts, define_built_in_roles
from gapura_auth.housekeeping import Housekeeping, purge
from gapura_auth.keys.key_ring import KeyRing, SharedSecretSigner
from gapura_auth.keys.master_key import master_key_from
from gapura_auth.keys.rotation import KeyRotation
from gapura_auth.keys.schedule import RotationPolicy
from gapura_auth.oauth.access_tokens import AccessTokenIssuer
from gapura_auth.oauth.discovery import provider_metadata
from gapura_auth.oauth.id_tokens import LIFETIME as ID_TOKEN_SECONDS
from gapura_auth.oauth.refresh import RefreshPolicy
from gapura_auth.revocation.status_lists import StatusLists
from gapura_auth.settings import AuthSettings
from gapura_auth.store.accounts import has_demo_accounts
from gapura_auth.store.refresh_tokens import SlotLending
from gapura_auth.web.account_views import AccountViews
from gapura_auth.web.cross_origin import allow_origins_of_clients
from gapura_auth.web.discovery_views import DiscoveryViews
from gapura_auth.web.key_views import KeyViews
from gapura_auth.web.login_views import LoginViews
from gapura_auth.web.oauth_errors import register_oauth_errors
from gapura_auth.wiring.authorization import AuthorizationParts, OwnKeys, Surroundings, authorization_parts
from gapura_auth.wiring.clients import ClientParts, believe_certificates, client_parts
from gapura_auth.wiring.logout import LogoutParts, LogoutSurroundings, logout_parts
from gapura_auth.wiring.tokens import TokenParts, TokenSurroundings, token_parts
from gapura_chassis.application import Parts, ServiceDescription, create_application
from gapura_chassis.clock import Clock, system_clock
from gapura_chassis.database import Database, open_database
from gapura_chassis.health import database_check
from gapura_chassis.metrics import Metrics
from gapura_chassis.migrations import Migrations, migrate
from gapura_chassis.settings import ConfigurationError, ServiceSettings

SERVICE = "auth"
ACCESS_TOKEN_ALGORITHM = "ES256"  # noqa: S105 -- seven times cheaper to sign than RS256
HASHING_WAIT_SECONDS = 2.0

MIGRATIONS = Migrations.beside(__file__, SERVICE)
DESCRIPTION = ServiceDescription(
    "Gapura auth service",
    "Registration, login, tokens, sessions, and the keys that every service verifies tokens with.",
)


def prepare(settings: ServiceSettings) -> None:
    """Bring the database up to date; refuse what must not go into production."""
    auth = _own(settings)
    database = database_of(auth)
    try:
        if auth.migrate:
            migrate(database, MIGRATIONS, lambda connection: _fill(connection, auth))
        _refuse_demo_accounts_in_production(database, auth)
        if auth.jwt_secret_key is None:
            key_rotation(auth, database, system_clock).rotate_if_due()
            KeyRing(database, master_key_from(auth), ACCESS_TOKEN_ALGORITHM, system_clock).check_master_key()
    finally:
        database.close()


def build(
    settings: ServiceSettings,
    *,
    clock: Clock = system_clock,
    argon2: Argon2Parameters | None = None,
    chores: bool = True,
) -> Flask:
    """Wire the application; its database stands in `app.extensions["database"]` for whoever must close it.

    Args:
        settings: the settings.
        clock: the time; tests pass their own.
        argon2: cost of a password hash; tests pass a cheap one.
        chores: whether keys are rotated and expired rows deleted in the background.

    """
    auth = _own(settings)
    database = database_of(auth)
    keys = _keys(auth, database, clock)
    passwords = passwords_of(auth, argon2)
    sessions = _sessions(auth, database, keys.signer, clock)
    authentication = Authentication(database, passwords, clock)
    protocol = _protocol(auth, database, keys, authentication, clock)
    parts = Parts(
        guard=keys.guard,
        views={
            "login": LoginViews(registration_of(auth, database, passwords, clock), authentication, sessions),
            "account": AccountViews(
                sessions, Rights(database), PasswordChange(database, passwords, authentication, clock)
            ),
            "keys": KeyViews(keys.signer, _status_lists(auth, database, keys.signer, clock)),
            **protocol.views(auth.issuer),
        },
        checks={"database": database_check(database)},
        metrics=Metrics(multiprocess=auth.workers > 1),
        allowed_origins=_pages_of_our_own_services(auth),
    )
    if chores:
        _housekeeping(auth, database, clock).start()
        protocol.start_deliveries()
    app = create_application(DESCRIPTION, auth, parts)
    protocol.surround(app)
    believe_certificates(app, auth)
    app.extensions["database"] = database
    return app


def database_of(settings: AuthSettings) -> Database:
    """Open the service's database."""
    return open_database(settings.database_address(SERVICE), service=SERVICE, connections=settings.threads)


def passwords_of(settings: AuthSettings, argon2: Argon2Parameters | None = None) -> Passwords:
    """Return what hashes and checks passwords."""
    slots = HashingSlots(settings.hashing_slots or os.cpu_count() or 1, settings.hashing_queue, HASHING_WAIT_SECONDS)
    hasher = PasswordHasher(argon2) if argon2 else PasswordHasher()
    return Passwords(hasher, slots, settings.minimum_password_length)


def registration_of(settings: AuthSettings, database: Database, passwords: Passwords, clock: Clock) -> Registration:
    """Return what makes accounts."""
    return Registration(database, passwords, clock, new_id, allow_test_addresses=not settings.in_production)


def key_rotation(settings: AuthSettings, database: Database, clock: Clock) -> KeyRotation:
    """Return what keeps the signing keys."""
    policy = RotationPolicy(
        signs_for=settings.key_rotation_seconds,
        published_ahead=settings.key_publish_ahead_seconds,
        token_lifetime=max(settings.access_token_seconds, ID_TOKEN_SECONDS),
    )
    return KeyRotation(database, master_key_from(settings), policy, settings.signing_algorithms, clock)


def new_id() -> str:
    """Return an identifier for an account, a session or a token."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class _Keys:
    signer: KeyRing | SharedSecretSigner
    guard: Guard


def _keys(settings: AuthSettings, database: Database, clock: Clock) -> _Keys:
    if settings.jwt_secret_key is not None:
        secret = SharedSecret(settings.jwt_secret_key.get_secret_value())
        issuer = SharedSecretIssuer(secret, settings.issuer, settings.audience)
        return _Keys(SharedSecretSigner(secret.signing_key), _guard(Verifier([issuer], clock=clock), clock))
    ring = KeyRing(database, master_key_from(settings), ACCESS_TOKEN_ALGORITHM, clock)
    own = TrustedIssuer(settings.issuer, settings.audience, ring)
    return _Keys(ring, _guard(Verifier([own], clock=clock), clock))


@dataclass(frozen=True, slots=True)
class _Protocol:
    """The rooms of OAuth and OpenID Connect; without tokens of their own under a shared secret."""

    clients: ClientParts
    authorization: AuthorizationParts
    tokens: TokenParts | None
    logout: LogoutParts

    def views(self, issuer: str) -> dict[str, object]:
        """Return every view, and the metadata that says exactly which there are."""
        rooms = [room for room in (self.clients, self.authorization, self.tokens, self.logout) if room is not None]
        capabilities = [capability for room in rooms for capability in room.capabilities]
        return {
            "discovery": DiscoveryViews(provider_metadata(issuer, capabilities)),
            "clients": self.clients.views,
            **self.authorization.views,
            **(self.tokens.views if self.tokens is not None else {}),
            **self.logout.views,
        }

    def start_deliveries(self) -> None:
        """Begin to tell clients of logouts in the background."""
        if self.logout.delivery is not None:
            self.logout.housekeeping.start()

    def surround(self, app: Flask) -> None:
        """Answer errors in the protocol's own shape, and let pages of clients read what is theirs."""
        register_oauth_errors(app)
        if self.tokens is not None:
            allow_origins_of_clients(app, self.clients.registry, self.tokens.issued)


def _protocol(
    settings: AuthSettings, database: Database, keys: _Keys, authentication: Authentication, clock: Clock
) -> _Protocol:
    clients = client_parts(settings, database, clock, new_id)
    ring = keys.signer if isinstance(keys.signer, KeyRing) else None
    own_keys = OwnKeys(ring, master_key_from(settings)) if ring is not None else None
    authorization = authorization_parts(
        settings, Surroundings(database, clients, authentication, own_keys, clock, new_id)
    )
    tokens = None  # under a shared secret every service could write the tokens of every other
    if ring is not None:
        access_tokens, master_key = _access_tokens(settings, ring, clock), master_key_from(settings)
        around = TokenSurroundings(
            database, clients, access_tokens, ring, master_key, authentication, authorization, clock, new_id
        )
        tokens = token_parts(settings, around)
    logout = logout_parts(settings, LogoutSurroundings(database, clients, authorization, ring, clock, new_id))
    return _Protocol(clients, authorization, tokens, logout)


def _guard(verifier: Verifier, clock: Clock) -> Guard:
    return Guard(verifier=verifier, clock=clock)


def _sessions(
    settings: AuthSettings, database: Database, signer: KeyRing | SharedSecretSigner, clock: Clock
) -> Sessions:
    issuer = _access_tokens(settings, signer, clock)
    policy = RefreshPolicy(settings.refresh_token_seconds, settings.refresh_grace_seconds)
    # guards cannot check lists that every holder of a shared secret could have signed
    lending = SlotLending(settings.issuer, settings.access_token_seconds) if settings.jwt_secret_key is None else None
    return Sessions(database, issuer, policy, (settings.audience,), lending, settings.session_seconds, clock, new_id)


def _access_tokens(settings: AuthSettings, signer: KeyRing | SharedSecretSigner, clock: Clock) -> AccessTokenIssuer:
    return AccessTokenIssuer(
        settings.issuer,
        settings.access_token_seconds,
        signer,
        clock,
        new_id,
        "standard" if settings.jwt_secret_key is None else "shared_secret",
    )


def _status_lists(
    settings: AuthSettings, database: Database, signer: KeyRing | SharedSecretSigner, clock: Clock
) -> StatusLists | None:
    if isinstance(signer, SharedSecretSigner):
        return None
    return StatusLists(database, signer, settings.issuer, settings.access_token_seconds, clock)


def _housekeeping(settings: AuthSettings, database: Database, clock: Clock) -> Housekeeping:
    chores = {"expired rows": purge(database, clock)}
    if settings.jwt_secret_key is None:
        chores["key rotation"] = key_rotation(settings, database, clock).rotate_if_due
    return Housekeeping(chores)


def _fill(connection: Connection, settings: AuthSettings) -> None:
    define_built_in_roles(connection)
    if settings.wants_demo:
        add_demo_accounts(connection, PasswordHasher().hash, new_id, system_clock())


def _refuse_demo_accounts_in_production(database: Database, settings: AuthSettings) -> None:
    if not settings.in_production:
        return
    with database.read() as connection:
        if has_demo_accounts(connection):
            message = (
                "This database holds the demo accounts, whose passwords are published, and GAPURA_ENV is production. "
                "Disable them with `gapura-auth users disable user1` (user2, admin), or start with a new database."
            )
            raise ConfigurationError(message)


def _pages_of_our_own_services(settings: AuthSettings) -> tuple[str, ...]:
    """Where the documentation pages of a development machine log in from."""
    if settings.in_production:
        return ()
    ports = (settings.users_port, settings.products_port)
    return tuple(f"http://{host}:{port}" for host in ("127.0.0.1", "localhost") for port in ports)


def _own(settings: ServiceSettings) -> AuthSettings:
    if not isinstance(settings, AuthSettings):
        message = "The auth service is built from AuthSettings."
        raise TypeError(message)
    return settings
