"""Whom a moved application believes: its new issuer, its old secret, or both while it moves."""

import os
from collections.abc import Mapping
from typing import Any

from gapura.issuers import Issuer, RefreshTokenIssuer, SharedSecretIssuer
from gapura.settings import GuardSettings, read_shared_secret
from gapura.verifier import Verifier


def access_verifier(config: Mapping[str, Any]) -> Verifier:
    """Build the verifier of access tokens from the application's configuration and the environment."""
    secret = _secret(config)
    issuers: list[Issuer] = []
    if secret is not None:
        keys = read_shared_secret(secret)
        issuers.append(SharedSecretIssuer(keys, config.get("JWT_DECODE_ISSUER"), config.get("JWT_DECODE_AUDIENCE")))
    if secret is None or "GAPURA_ISSUER" in {*config, *os.environ}:
        issuers.append(_settings(config).trusted())
    return Verifier(issuers)


def refresh_verifier(config: Mapping[str, Any]) -> Verifier | None:
    """Build the verifier of refresh tokens, which only exist as JWTs under a shared secret."""
    secret = _secret(config)
    if secret is None:
        return None
    keys = read_shared_secret(secret)
    return Verifier([RefreshTokenIssuer(keys, config.get("JWT_DECODE_ISSUER"), config.get("JWT_DECODE_AUDIENCE"))])


def _secret(config: Mapping[str, Any]) -> str | None:
    secret = config.get("JWT_SECRET_KEY")
    return os.environ.get("JWT_SECRET_KEY") if secret is None else str(secret)


def _settings(config: Mapping[str, Any]) -> GuardSettings:
    environ = {name: value for name, value in os.environ.items() if name != "JWT_SECRET_KEY"}
    return GuardSettings.read(
        environ,
        issuer=config.get("GAPURA_ISSUER"),
        audience=config.get("GAPURA_AUDIENCE"),
        jwks_uri=config.get("GAPURA_JWKS_URI"),
    )
