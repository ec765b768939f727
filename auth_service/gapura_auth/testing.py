"""For the tests of guarded applications: the real auth service in their own process, on SQLite, without any network.

def test_who_has_logged_out_is_refused(app, gapura_auth_service):
    gapura_auth_service.connect(app)
    gapura_auth_service.create_user("ani", scopes=["products:write"])
    token = gapura_auth_service.login("ani")
    ...
    gapura_auth_service.logout(token)

Everything is what runs in production (accounts, sessions, keys, tokens, status lists, and the guard's clients of keys
and revocations), but for what would be slow or uncertain in a test: password hashes are cheap, nothing runs in the
background, the clock stands still until it is told to go on, and guards ask for keys and lists at every request, by
calling the service directly. Where no user has to log in, `gapura.testing.as_user` is faster.
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from gapura import ConfigurationError, Guard, RemoteKeySet, TrustedIssuer, Verifier
from gapura.fetch import Fetched, FetchError
from gapura.jose import SigningKey, generate_signing_key
from gapura.keys import RefreshSchedule
from gapura.revocation import PollSchedule, RevocationLists
from gapura_auth.accounts.administration import Administration
from gapura_auth.accounts.registration import Application
from gapura_auth.accounts.role import Role
from gapura_auth.credentials import Argon2Parameters
from gapura_auth.demo import define_built_in_roles
from gapura_auth.factory import MIGRATIONS, build, database_of, key_rotation, passwords_of, registration_of
from gapura_auth.revocation.status_lists import RENEW_AFTER
from gapura_auth.settings import AuthSettings
from gapura_chassis.migrations import migrate

PASSWORD = "kopi tubruk di pagi hari"  # noqa: S105 - of accounts that live as long as a test
CHEAP = Argon2Parameters(memory_kib=8, time_cost=1, parallelism=1)
_ADDRESS = "127.0.0.1"
_OK, _NOT_MODIFIED = 200, 304


@dataclass
class StandingClock:
    """A clock that stands still until it is told to go on."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass(frozen=True)
class AuthService:
    """An auth service in this process, and what people and operators do with it."""

    app: Flask
    settings: AuthSettings
    clock: StandingClock

    def create_user(
        self, username: str, password: str = PASSWORD, *, roles: Collection[str] = (), scopes: Collection[str] = ()
    ) -> str:
        """Create an account that may log in, and return its `sub`.

        Roles are made if there are none of these names; scopes are given through a role of the user's own.
        """
        database = self.app.extensions["database"]
        registration = registration_of(self.settings, database, passwords_of(self.settings, CHEAP), self.clock)
        account = registration.register(Application(username, password), address=_ADDRESS, actor="test")
        for role in roles:
            if role not in {known.name for known in self.administration.roles()}:
                self.administration.define_role(Role(role, "", ()))
            self.administration.grant(username, role)
        if scopes:
            own = f"test-{account.id}"
            self.administration.define_role(Role(own, f"What {username} may do.", tuple(scopes)))
            self.administration.grant(username, own)
        return account.id

    def register(self, username: str, password: str = PASSWORD, **more: object) -> TestResponse:
        """Send what a person enters to register, and return the answer."""
        return self.app.test_client().post("/register", json={"username": username, "password": password, **more})

    def login(self, username: str, password: str = PASSWORD) -> str:
        """Log a user in, and return the access token."""
        return str(
            _accepted(self.app.test_client().post("/login", json={"username": username, "password": password}))[
                "access_token"
            ]
        )

    def logout(self, token: str, *, everywhere: bool = False) -> None:
        """End the session of a token, or all sessions of its user; guards know it from the next request on."""
        headers = {"Authorization": f"Bearer {token}"}
        _accepted(self.app.test_client().post("/logout", json={"all": everywhere}, headers=headers))
        self.let_lists_renew()

    def disable(self, username: str) -> None:
        """Disable an account; guards know it from the next request on."""
        self.administration.disable(username)
        self.let_lists_renew()

    def let_lists_renew(self) -> None:
        """Let the moment pass for which the service publishes the same status list, after a change of another kind."""
        self.clock.advance(RENEW_AFTER)

    @property
    def administration(self) -> Administration:
        """What an operator can do with accounts and roles."""
        return Administration(self.app.extensions["database"], self.clock, "test")

    def verifier(self, audience: str | tuple[str, ...] | None = None) -> Verifier:
        """Return what believes this service and nobody else: `AsgiGuard(app, verifier=...)`."""
        issuer = self.settings.issuer
        keys = RemoteKeySet(
            f"{issuer}/.well-known/jwks.json",
            schedule=RefreshSchedule(every=0.0),
            fetch=self._fetch,
            clock=self.clock,
            worker=_AtOnce,
        )
        revocations = RevocationLists(
            issuer, keys, schedule=PollSchedule(every=0.0), fetch=self._fetch, clock=self.clock, worker=_AtOnce
        )
        trusted = TrustedIssuer(issuer, audience or self.settings.audience, keys, revocations)
        return Verifier([trusted], clock=self.clock)

    def connect(self, app: Flask) -> None:
        """Let the guard of an application believe this service; its audience stays what it is."""
        guard = app.extensions.get("gapura")
        if not isinstance(guard, Guard):
            raise ConfigurationError("The application under test has no guard: Guard(app) comes first.")
        trusted = [issuer for issuer in guard.verifier.issuers if isinstance(issuer, TrustedIssuer)]
        own = next((issuer for issuer in trusted if issuer.issuer == self.settings.issuer), None)
        if own is None:
            raise ConfigurationError(
                f"The application under test does not trust {self.settings.issuer}, as this service is called: give "
                "both the same issuer (the fixture gapura_auth_settings sets the service's)."
            )
        guard.use_verifier(self.verifier(own.audience))

    def _fetch(self, url: str, *, etag: str | None = None) -> Fetched:
        path = url.removeprefix(self.settings.issuer)
        headers = {"If-None-Match": etag} if etag else {}
        answer = self.app.test_client().get(urlsplit(path).path, headers=headers)
        if answer.status_code == _NOT_MODIFIED:
            return Fetched(None, answer.headers.get("ETag"))
        if answer.status_code != _OK:
            raise FetchError(f"{url} was answered with {answer.status}")
        return Fetched(answer.data, answer.headers.get("ETag"))


@contextmanager
def open_auth_service(home: Path, **settings: object) -> Iterator[AuthService]:
    """Build the service on an SQLite file in a folder; further settings are named as in `AuthSettings`."""
    own = AuthSettings.model_validate({"home": home, "demo": False, **settings})
    clock = StandingClock()
    with closing(database_of(own)) as database:
        migrate(database, MIGRATIONS, define_built_in_roles)
        replace(key_rotation(own, database, clock), generate=_ready_made_key).rotate_if_due()
    app = build(own, clock=clock, argon2=CHEAP, chores=False)
    with closing(app.extensions["database"]):
        yield AuthService(app, own, clock)


@dataclass
class _AtOnce:
    """Does a job whenever somebody depends on it, in the thread of who asks."""

    job: Callable[[], float]
    name: str

    def start(self) -> None:
        self.job()

    def wake(self, patience: float) -> None:  # noqa: ARG002 - there is nothing to wait for
        self.job()


@cache
def _ready_made_key(algorithm: str) -> SigningKey:
    """Make a key once for all services of this process: RSA keys take long."""
    return generate_signing_key(algorithm)


def _accepted(answer: TestResponse) -> dict[str, object]:
    if answer.status_code != _OK:
        raise AssertionError(f"The auth service answered {answer.status}: {answer.text}")
    return dict(answer.get_json())
