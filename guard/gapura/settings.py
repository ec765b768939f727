"""The guard's settings: read once, at the start, from arguments or else the environment, and refused there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from gapura.errors import ConfigurationError
from gapura.issuers import Issuer, SharedSecretIssuer, TrustedIssuer, check_issuer
from gapura.jose import InvalidKeyError
from gapura.keys.disk_copy import DiskCopy
from gapura.keys.remote import RemoteKeySet
from gapura.keys.shared_secret import SharedSecret
from gapura.metadata import ProtectedResource
from gapura.revocation import PollSchedule, RevocationLists
from gapura.verifier import Verifier

DEFAULT_ISSUER = "http://127.0.0.1:5000"
DEFAULT_AUDIENCE = "gapura"
DEFAULT_REVOCATION_MAX_AGE = 10.0
MAX_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Whom to believe, and what this service is called.

    | variable | default | what it is |
    |---|---|---|
    | GAPURA_ISSUER | http://127.0.0.1:5000 | the authorization server, exactly as in `iss` |
    | GAPURA_AUDIENCE | gapura | this service, as in `aud` |
    | GAPURA_JWKS_URI | issuer + /.well-known/jwks.json | where its keys are |
    | GAPURA_KEYS_FILE | none | a file that keeps the last keys, for a start while the issuer is away |
    | GAPURA_REVOCATION_MAX_AGE | 10 | how many seconds old revocations may be on a route that demands fresh ones |
    | GAPURA_RESOURCE | none | this service's public address; it then says where to log in (RFC 9728) |
    | JWT_SECRET_KEY | none | switches to the compatibility mode: HS256 under this shared secret |
    """

    issuer: str = DEFAULT_ISSUER
    audience: str = DEFAULT_AUDIENCE
    jwks_uri: str = ""
    keys_file: Path | None = None
    revocation_max_age: float = DEFAULT_REVOCATION_MAX_AGE
    resource: ProtectedResource | None = None
    shared_secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_issuer(self.issuer)
        if not self.audience:
            raise ConfigurationError("GAPURA_AUDIENCE is empty: say what this service is called in its tokens.")

    @classmethod
    def read(
        cls,
        environ: Mapping[str, str] = os.environ,
        *,
        issuer: str | None = None,
        audience: str | None = None,
        jwks_uri: str | None = None,
        resource: str | None = None,
    ) -> Self:
        """Take each setting from its argument, else from the environment, else its default."""
        keys_file = environ.get("GAPURA_KEYS_FILE")
        resource = resource or environ.get("GAPURA_RESOURCE")
        return cls(
            issuer=issuer if issuer is not None else environ.get("GAPURA_ISSUER", DEFAULT_ISSUER),
            audience=audience if audience is not None else environ.get("GAPURA_AUDIENCE", DEFAULT_AUDIENCE),
            jwks_uri=jwks_uri or environ.get("GAPURA_JWKS_URI", ""),
            keys_file=Path(keys_file) if keys_file else None,
            revocation_max_age=_read_seconds(environ, "GAPURA_REVOCATION_MAX_AGE", DEFAULT_REVOCATION_MAX_AGE),
            resource=ProtectedResource(resource) if resource else None,
            shared_secret=environ.get("JWT_SECRET_KEY"),
        )

    def trusted(self) -> Issuer:
        """Build the issuer that these settings describe."""
        if self.shared_secret is not None:
            return SharedSecretIssuer(read_shared_secret(self.shared_secret), self.issuer, self.audience)
        url = self.jwks_uri or f"{self.issuer.rstrip('/')}/.well-known/jwks.json"
        keys = RemoteKeySet(url, disk_copy=DiskCopy(self.keys_file) if self.keys_file else None)
        schedule = PollSchedule(stale_after=self.revocation_max_age)
        return TrustedIssuer(self.issuer, self.audience, keys, RevocationLists(self.issuer, keys, schedule=schedule))

    def verifier(self) -> Verifier:
        """Build the verifier that these settings describe."""
        return Verifier([self.trusted()])


def read_shared_secret(secret: str) -> SharedSecret:
    """Accept a secret that is fit to be one, or raise `ConfigurationError` saying how to make one."""
    try:
        return SharedSecret(secret)
    except InvalidKeyError as error:
        raise ConfigurationError(
            f"JWT_SECRET_KEY cannot be used: {error} Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))', or unset it to use published keys."
        ) from None


def _read_seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, str(default))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= MAX_SECONDS:
        raise ConfigurationError(f"{name} is {text!r}, and should be a number of seconds from 1 to {MAX_SECONDS}.")
    return seconds
