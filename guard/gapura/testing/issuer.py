import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient

from gapura.clock import Clock
from gapura.errors import ConfigurationError
from gapura.flask_guard import Guard
from gapura.issuers import TrustedIssuer
from gapura.jose import SigningKey, generate_signing_key, sign
from gapura.keys import StaticKeySet
from gapura.settings import DEFAULT_AUDIENCE, DEFAULT_ISSUER
from gapura.verifier import Verifier

LIFETIME = 600
_EXTENSION = "gapura_pretend_issuer"


@dataclass(frozen=True)
class PretendIssuer:
    """An issuer in memory, with the name and audience of the real one and keys of its own."""

    issuer: str = DEFAULT_ISSUER
    audience: str = DEFAULT_AUDIENCE
    clock: Clock = time.time
    key: SigningKey = field(default_factory=lambda: generate_signing_key("ES256", kid="pretend"))

    @cached_property
    def verifier(self) -> Verifier:
        """What believes this issuer and nobody else."""
        keys = StaticKeySet.of(self.key.public_jwk())
        return Verifier([TrustedIssuer(self.issuer, self.audience, keys)], clock=self.clock)

    def claims(self, username: str = "user1", *, scopes: Collection[str] = (), **more: object) -> dict[str, object]:
        """Give the claims of a good token (RFC 9068 section 2.2)."""
        now = int(self.clock())
        return {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": f"sub-{username}",
            "preferred_username": username,
            "client_id": "test",
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + LIFETIME,
            "auth_time": now,
            "jti": f"test-{username}",
            **more,
        }

    def token(self, username: str = "user1", *, scopes: Collection[str] = (), **more: object) -> str:
        """Make a good token for a user; further claims may be added or replaced."""
        return sign(self.claims(username, scopes=scopes, **more), self.key, typ="at+jwt")

    def headers(self, username: str = "user1", *, scopes: Collection[str] = (), **more: object) -> Mapping[str, str]:
        """Give the headers of a request by a user."""
        return {"Authorization": f"Bearer {self.token(username, scopes=scopes, **more)}"}


def pretend_issuer(app: Flask) -> PretendIssuer:
    """Let an application under test believe a pretend issuer in place of the real one, and return it."""
    known: PretendIssuer | None = app.extensions.get(_EXTENSION)
    if known is not None:
        return known
    guard = app.extensions.get("gapura")
    if not isinstance(guard, Guard):
        raise ConfigurationError("The application under test has no guard: Guard(app) comes first.")
    issuer = _stand_in(guard)
    guard.use_verifier(issuer.verifier)
    app.extensions[_EXTENSION] = issuer
    return issuer


def as_user(app: Flask, username: str, *, scopes: Collection[str] = (), **claims: object) -> FlaskClient:
    """Give a test client that is logged in as a user with these scopes; further claims may be added."""
    client = app.test_client()
    token = pretend_issuer(app).token(username, scopes=scopes, **claims)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def _stand_in(guard: Guard) -> PretendIssuer:
    real = guard.verifier.issuers[0]
    audience = real.audiences[0] if isinstance(real, TrustedIssuer) else real.audience
    return PretendIssuer(real.issuer or DEFAULT_ISSUER, audience or DEFAULT_AUDIENCE)
