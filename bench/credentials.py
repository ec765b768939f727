"""Keys and tokens of a run: made new for each, good for an hour, and of the form that the auth service gives them."""

import secrets
import time
from dataclasses import dataclass, field

import jwt

from bench.peers.trust import USERNAME, Trust
from gapura.jose import SigningKey, generate_signing_key, sign

LIFETIME = 3600
AUDIENCE = "gapura"
STATUS_LIST_PATH = "/status-lists/1"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Both kinds of key, under one issuer."""

    issuer: str
    key: SigningKey = field(default_factory=lambda: generate_signing_key("ES256", "bench"))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def trust(self) -> Trust:
        """Return what the peers are told."""
        public = {name: str(value) for name, value in self.key.public_jwk().items()}
        return Trust(self.issuer, AUDIENCE, self.secret, public)

    def token(self, algorithm: str) -> str:
        """Make a token that has not been seen before."""
        claims = self._claims()
        if algorithm == "HS256":
            return jwt.encode({**claims, "type": "access", "fresh": False}, self.secret)
        return sign({**claims, "status": self._status(1)}, self.key, typ="at+jwt")

    def tokens(self, count: int) -> list[str]:
        """Make many ES256 tokens."""
        return [self.token("ES256") for _ in range(count)]

    def _claims(self) -> dict[str, object]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": USERNAME,  # peers without `preferred_username` greet the subject
            "preferred_username": USERNAME,
            "client_id": "gapura-login",
            "scope": "openid profile products:read",
            "sid": secrets.token_urlsafe(16),
            "jti": secrets.token_urlsafe(16),
            "auth_time": now,
            "iat": now,
            "exp": now + LIFETIME,
        }

    def _status(self, index: int) -> dict[str, object]:
        return {"status_list": {"uri": self.issuer + STATUS_LIST_PATH, "idx": index}}
