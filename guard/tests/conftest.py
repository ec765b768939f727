import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from gapura.fetch import Fetched, FetchError
from gapura.issuers import TrustedIssuer
from gapura.jose import SigningKey, generate_signing_key, sign
from gapura.keys import StaticKeySet
from gapura.verifier import Verifier

ISSUER = "https://login.example"
AUDIENCE = "shop"


@dataclass
class SettableClock:
    """A clock that stands still until a test moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class TokenMaker:
    """An issuer in a test: makes good tokens, and tokens that differ from a good one in what a test says."""

    key: SigningKey
    clock: SettableClock

    def claims(self, **changes: object) -> dict[str, object]:
        now = int(self.clock())
        good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "7f3c", "iat": now, "exp": now + 600, "client_id": "web"}
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def __call__(self, *, typ: str = "at+jwt", **changes: object) -> str:
        return sign(self.claims(**changes), self.key, typ=typ)


@dataclass
class World:
    """The network of a test: documents by address, and how often each was asked for."""

    documents: dict[str, Fetched | FetchError] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def publish(self, url: str, body: bytes | str, etag: str | None = None) -> None:
        self.documents[url] = Fetched(body.encode() if isinstance(body, str) else body, etag)

    def break_down(self, url: str) -> None:
        self.documents[url] = FetchError("connection refused")

    def __call__(self, url: str, *, etag: str | None = None) -> Fetched:
        self.asked.append((url, etag))
        document = self.documents.get(url, FetchError("no such host"))
        if isinstance(document, FetchError):
            raise document
        return Fetched(None, etag) if etag is not None and etag == document.etag else document


class InlineWorker:
    """Does a job when it is woken, in the caller's thread, so that tests need neither threads nor sleep."""

    def __init__(self, job: Callable[[], float], name: str) -> None:
        self.job = job
        self.name = name
        self.started = False

    def start(self) -> None:
        if not self.started:
            self.started = True
            self.job()

    def wake(self, patience: float) -> None:
        assert patience > 0
        self.started = True
        self.job()


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return generate_signing_key("ES256", kid="key-1")


@pytest.fixture(scope="session")
def rsa_key() -> SigningKey:
    return generate_signing_key("RS256", kid="rsa-1")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def inline_worker() -> type[InlineWorker]:
    return InlineWorker


@pytest.fixture
def make_token(signing_key, clock) -> TokenMaker:
    return TokenMaker(signing_key, clock)


@pytest.fixture
def keys(signing_key) -> StaticKeySet:
    return StaticKeySet.of(signing_key.public_jwk())


@pytest.fixture
def verifier(keys, clock) -> Verifier:
    return Verifier([TrustedIssuer(ISSUER, AUDIENCE, keys)], clock=clock)


@pytest.fixture
def bearer(make_token) -> Callable[..., Mapping[str, str]]:
    return lambda **changes: {"Authorization": f"Bearer {make_token(**changes)}"}


@pytest.fixture(scope="session")
def cpu_seconds() -> Callable[[Callable[[], object]], float]:
    """Measures the processor time of a call, the best of three, so that a busy machine does not fail a test."""

    def once(call: Callable[[], object]) -> float:
        before = time.thread_time()
        call()
        return time.thread_time() - before

    return lambda call: min(once(call) for _ in range(3))
