"""The user service as a test sees it: an issuer that signs tokens, a clock that is told the time, and the app."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gapura import Guard, StaticKeySet, TrustedIssuer
from gapura.jose import SigningKey, generate_signing_key, sign
from gapura.verifier import Verifier
from gapura_chassis.database import Database, open_database
from gapura_chassis.migrations import migrate
from gapura_users.factory import MIGRATIONS, build, prepare
from gapura_users.profile import Profile
from gapura_users.settings import UserSettings
from gapura_users.store.profiles import ProfileStore

ISSUER = "http://127.0.0.1:5000"
NOON = 1_763_812_800.0  # 2025-11-22T12:00:00Z


@dataclass
class FakeClock:
    """A clock that stands still until it is told to go on."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class TestIssuer:
    """The auth service, as far as this service sees it: what signs tokens."""

    clock: FakeClock
    key: SigningKey
    __test__ = False

    def token(self, subject: object = "s-1", username: str = "user1", scope: str = "", **claims: object) -> str:
        now = int(self.clock())
        standard = {"iss": ISSUER, "aud": "gapura", "client_id": "web", "iat": now, "exp": now + 600}
        person = {"sub": subject, "preferred_username": username, "scope": scope}
        return sign(standard | person | claims, self.key, typ="at+jwt")

    def headers(self, *args: str, **claims: object) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*args, **claims)}"}

    def guard(self) -> Guard:
        keys = StaticKeySet.of(self.key.public_jwk())
        verifier = Verifier([TrustedIssuer(ISSUER, "gapura", keys)], clock=self.clock)
        return Guard(verifier=verifier, clock=self.clock)


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, calling the service."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, **options):
        headers = self.headers | options.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **options)


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return generate_signing_key("ES256")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def issuer(clock: FakeClock, signing_key: SigningKey) -> TestIssuer:
    return TestIssuer(clock, signing_key)


@pytest.fixture
def open_app(clock: FakeClock, issuer: TestIssuer) -> Iterator[Callable[..., Flask]]:
    with ExitStack() as databases:

        def open_one(url: str, **settings: object) -> Flask:
            values = UserSettings(database_url=url, **settings)
            prepare(values)
            app = build(values, clock=clock, guard=issuer.guard())
            databases.enter_context(closing(app.extensions["database"]))
            return app

        yield open_one


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file that is migrated once, to be copied for each test."""
    home = tmp_path_factory.mktemp("migrated")
    prepare(UserSettings(home=home))
    return home / "users.sqlite3"


@pytest.fixture
def app(open_app, migrated_file: Path, tmp_path: Path) -> Flask:
    copy = shutil.copy(migrated_file, tmp_path / "users.sqlite3")
    return open_app(f"sqlite:///{copy}")


@pytest.fixture
def call(app: Flask, issuer: TestIssuer) -> Callable[..., Caller]:
    """Give a way to call as somebody: `call("s-1", "user1", "users:read")("GET", "/users")`."""
    return lambda *who, **claims: Caller(app.test_client(), issuer.headers(*who, **claims))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(open_database(database_url, service="users", connections=20)) as database:
        migrate(database, MIGRATIONS)
        yield database


@pytest.fixture
def store(database: Database) -> ProfileStore:
    return ProfileStore(database)


@pytest.fixture
def make_profile() -> Callable[..., Profile]:
    def make(profile_id: str = "s-1", username: str = "user1", **members: object) -> Profile:
        times = {"username_as_of": 0, "version": 1, "created_at": 1, "updated_at": 1}
        return Profile(profile_id, username, **times | members)

    return make
