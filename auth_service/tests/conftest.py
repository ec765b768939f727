"""The auth service as a test sees it: the app on its own database, a clock that is told the time, cheap hashing."""

import base64
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from dev.postgres.databases import fresh_database
from gapura.jose import SigningKey, generate_signing_key
from gapura_auth.accounts.administration import Administration
from gapura_auth.credentials import Argon2Parameters
from gapura_auth.demo import define_built_in_roles
from gapura_auth.factory import MIGRATIONS, build, key_rotation
from gapura_auth.settings import AuthSettings
from gapura_auth.store.tables import metadata
from gapura_chassis.database import Database, open_database
from gapura_chassis.migrations import migrate

NOON = 1_790_000_000.0
CHEAP = Argon2Parameters(memory_kib=8, time_cost=1, parallelism=1)
MASTER_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")
HOME_ADDRESS = "198.51.100.7"
PASSWORD = "kopi tubruk di pagi hari"


@cache
def rsa_key() -> SigningKey:
    return generate_signing_key("RS256")


def ready_made_key(algorithm: str) -> SigningKey:
    """Make a key; RSA keys take so long that all tests share one."""
    return rsa_key() if algorithm == "RS256" else generate_signing_key(algorithm)


@dataclass
class FakeClock:
    """A clock that stands still until it is told to go on."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Service:
    """The running service, and how a test calls it."""

    app: Flask
    settings: AuthSettings
    clock: FakeClock
    database: Database
    password: str = PASSWORD

    def call(self, method: str, path: str, token: str | None = None, address: str = HOME_ADDRESS, **options: Any):
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        environ = {"REMOTE_ADDR": address}
        return self.app.test_client().open(path, method=method, headers=headers, environ_base=environ, **options)

    def get(self, path: str, token: str | None = None, **options: Any) -> TestResponse:
        return self.call("GET", path, token, **options)

    def post(self, path: str, json: object = None, token: str | None = None, **options: Any) -> TestResponse:
        return self.call("POST", path, token, json=json, **options)

    def register(self, username: str = "ani", password: str = PASSWORD, **more: Any) -> TestResponse:
        options = {name: more.pop(name) for name in ("address", "headers") if name in more}
        return self.post("/register", {"username": username, "password": password, **more}, **options)

    def login(self, username: str = "ani", password: str = PASSWORD, **options: Any) -> TestResponse:
        return self.post("/login", {"username": username, "password": password}, **options)

    def refresh(self, refresh_token: str, **options: Any) -> TestResponse:
        return self.post("/refresh", {"refresh_token": refresh_token}, **options)

    def tokens(self, username: str = "ani", **options: Any) -> dict[str, Any]:
        """Log in, and register before where that is needed."""
        answer = self.login(username, **options)
        if answer.status_code == 401:
            assert self.register(username, **options).status_code == 201
            answer = self.login(username, **options)
        assert answer.status_code == 200, answer.text
        return answer.json

    @property
    def administration(self) -> Administration:
        return Administration(self.database, self.clock, "test")

    def rows(self, query: str, **values: object) -> Sequence[Any]:
        with self.database.read() as connection:
            return connection.execute(text(query), values).all()


@dataclass
class Services:
    """Starts services; whatever they opened is closed at the end of the test."""

    clock: FakeClock
    home: Path
    stack: ExitStack
    migrated: Callable[[str], Database]

    def __call__(self, url: str, *, argon2: Argon2Parameters = CHEAP, **settings: Any) -> Service:
        values = {"database_url": url, "home": self.home, "master_key": MASTER_KEY, "demo": False, **settings}
        own = AuthSettings(**values)
        database = self.stack.enter_context(closing(self.migrated(url)))
        if own.jwt_secret_key is None:
            replace(key_rotation(own, database, self.clock), generate=ready_made_key).rotate_if_due()
        app = build(own, clock=self.clock, argon2=argon2, chores=False)
        self.stack.enter_context(closing(app.extensions["database"]))
        return Service(app, own, self.clock, database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> bytes:
    """Give the content of an SQLite file that is migrated already: copying it is much faster than migrating again."""
    path = tmp_path_factory.mktemp("template") / "auth.sqlite3"
    with closing(open_database(f"sqlite:///{path}", service="auth", connections=1)) as database:
        migrate(database, MIGRATIONS, define_built_in_roles)
    return path.read_bytes()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server) -> Iterator[tuple[str, Database]]:
    """Give one PostgreSQL database that is migrated already: emptying it is much faster than making another."""
    with fresh_database(postgres_server) as url, closing(open_database(url, service="auth", connections=2)) as database:
        migrate(database, MIGRATIONS)
        yield url, database


@pytest.fixture
def postgres_url(migrated_postgres) -> str:
    """Give the address of a migrated database that holds nothing but the built-in roles."""
    url, database = migrated_postgres
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with database.write() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        define_built_in_roles(connection)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request) -> Iterator[str]:
    """Give the address of a database that has no tables yet, on each of the two."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def migrated(sqlite_template) -> Callable[[str], Database]:
    """Open a database that has every table and the built-in roles."""

    def open_one(url: str) -> Database:
        path = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:") and not path.exists():
            path.write_bytes(sqlite_template)
        database = open_database(url, service="auth", connections=130)
        migrate(database, MIGRATIONS, define_built_in_roles)
        return database

    return open_one


@pytest.fixture
def database(database_url, migrated) -> Iterator[Database]:
    """Give a migrated database of each kind."""
    with closing(migrated(database_url)) as database:
        yield database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def open_service(clock, migrated, tmp_path) -> Iterator[Services]:
    with ExitStack() as stack:
        yield Services(clock, tmp_path, stack, migrated)


@pytest.fixture
def service(open_service, sqlite_url) -> Service:
    """Give the service on SQLite, for what no database can change."""
    return open_service(sqlite_url)


@pytest.fixture
def service_on_both(open_service, database_url) -> Service:
    """Give the service on each of the two databases, one after the other."""
    return open_service(database_url)


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run a job many times at the same moment; gives the results."""

    def run(times: int, job: Callable[[int], Any]) -> list[Any]:
        start = Barrier(times)

        def wait_and_run(number: int) -> Any:
            start.wait(30)
            return job(number)

        with ThreadPoolExecutor(times) as pool:
            return [future.result(60) for future in [pool.submit(wait_and_run, number) for number in range(times)]]

    return run
