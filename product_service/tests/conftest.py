"""The product service as a test sees it: an issuer that signs tokens, a clock that is told the time, and the app."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gapura import Guard, StaticKeySet, TrustedIssuer, Verifier
from gapura.jose import SigningKey, generate_signing_key, sign
from gapura_chassis.database import Database, open_database
from gapura_chassis.migrations import migrate
from gapura_products.catalogue import Catalogue
from gapura_products.factory import MIGRATIONS, build, prepare
from gapura_products.product import ProductDetails
from gapura_products.settings import ProductSettings

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

    def headers(self, subject: str = "s-1", username: str = "user1", scope: str = "") -> dict[str, str]:
        now = int(self.clock())
        claims = {"iss": ISSUER, "aud": "gapura", "client_id": "web", "iat": now, "exp": now + 600}
        person = {"sub": subject, "preferred_username": username, "scope": scope}
        return {"Authorization": f"Bearer {sign(claims | person, self.key, typ='at+jwt')}"}

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
            values = ProductSettings(database_url=url, **settings)
            prepare(values)
            app = build(values, clock=clock, guard=issuer.guard())
            databases.enter_context(closing(app.extensions["database"]))
            return app

        yield open_one


@pytest.fixture
def app(open_app, sqlite_url: str) -> Flask:
    """Give the service with the demo shop, on SQLite."""
    return open_app(sqlite_url)


@pytest.fixture
def call(app: Flask, issuer: TestIssuer) -> Callable[..., Caller]:
    """Give a way to call as somebody: `call("s-1", "user1", "products:write")("GET", "/products")`."""
    return lambda *who: Caller(app.test_client(), issuer.headers(*who))


@pytest.fixture
def reader(call) -> Caller:
    return call()


@pytest.fixture
def writer(call) -> Caller:
    return call("s-2", "admin", "products:write")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an empty catalogue, on each of the two databases."""
    with closing(open_database(database_url, service="products", connections=20)) as database:
        migrate(database, MIGRATIONS)
        yield database


@pytest.fixture
def catalogue(database: Database, clock: FakeClock) -> Catalogue:
    return Catalogue(database, clock)


@pytest.fixture
def add(catalogue: Catalogue) -> Callable[..., int]:
    """Add a product to the catalogue and give its number; what is not said is made up."""
    added: list[int] = []

    def add_one(name: str = "Teh", **members: object) -> int:
        made_up = {"sku": f"SKU-{len(added)}", "price": 1000, "category": "minuman"}
        added.append(catalogue.create(ProductDetails(name=name, **made_up | members)).product.id)
        return added[-1]

    return add_one
