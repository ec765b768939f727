"""What the auth service can be told, on top of what every service can be told."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from gapura_chassis.settings import ServiceSettings

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class AuthSettings(ServiceSettings):
    """Settings of the auth service."""

    port: int = Field(5000, ge=0, le=65535, alias="GAPURA_AUTH_PORT", description="Port to listen on.")
    threads: int = Field(
        64,
        ge=4,
        le=256,
        alias="GAPURA_AUTH_THREADS",
        description="Request threads of one worker; most of them wait for a hashing slot while many people log in.",
    )
    master_key: SecretStr | None = Field(
        None,
        alias="GAPURA_MASTER_KEY",
        description="Encrypts signing keys at rest: 32 bytes in base64url. In development one is made for you.",
    )
    access_token_seconds: int = Field(
        10 * MINUTE, ge=30, le=DAY, alias="GAPURA_ACCESS_TOKEN_SECONDS", description="Life of an access token."
    )
    refresh_token_seconds: int = Field(
        30 * DAY, ge=HOUR, alias="GAPURA_REFRESH_TOKEN_SECONDS", description="Life of a refresh token that is not used."
    )
    session_seconds: int = Field(
        90 * DAY,
        ge=HOUR,
        alias="GAPURA_SESSION_SECONDS",
        description="Longest life of a session, however much it is used.",
    )
    refresh_grace_seconds: int = Field(
        30,
        ge=0,
        le=10 * MINUTE,
        alias="GAPURA_REFRESH_GRACE_SECONDS",
        description="Time in which a repeated refresh gets the same answer again; reuse after it ends the session.",
    )
    key_rotation_seconds: int = Field(
        30 * DAY, ge=10 * MINUTE, alias="GAPURA_KEY_ROTATION_SECONDS", description="Time that one key signs."
    )
    key_publish_ahead_seconds: int = Field(
        HOUR,
        ge=MINUTE,
        alias="GAPURA_KEY_PUBLISH_AHEAD_SECONDS",
        description="Time that a key is published before it signs.",
    )
    hashing_slots: int = Field(
        0, ge=0, le=64, alias="GAPURA_HASHING_SLOTS", description="Passwords hashed at once; 0 means one per processor."
    )
    hashing_queue: int = Field(
        48, ge=0, le=1024, alias="GAPURA_HASHING_QUEUE", description="Logins that may wait for a slot; more get 503."
    )
    minimum_password_length: int = Field(
        8, ge=8, le=64, alias="GAPURA_MINIMUM_PASSWORD_LENGTH", description="Shortest password that is accepted."
    )

    users_port: int = Field(
        5001,
        ge=0,
        le=65535,
        alias="GAPURA_USERS_PORT",
        description="Port of the user service on a development machine.",
    )
    products_port: int = Field(
        5002, ge=0, le=65535, alias="GAPURA_PRODUCTS_PORT", description="Port of the product service, likewise."
    )

    @model_validator(mode="after")
    def _is_safe_for_production(self) -> Self:
        if not self.in_production:
            return self
        if self.master_key is None and self.jwt_secret_key is None:
            message = (
                "GAPURA_MASTER_KEY is missing, and GAPURA_ENV is production: signing keys must not lie unencrypted. "
                "Make one with `gapura-auth master-key` and give it to every replica"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _hashing_leaves_threads_free(self) -> Self:
        if self.hashing_queue + self.hashing_slots >= self.threads:
            message = (
                "GAPURA_AUTH_THREADS must be larger than GAPURA_HASHING_QUEUE plus GAPURA_HASHING_SLOTS, "
                "or a storm of logins takes every thread"
            )
            raise ValueError(message)
        return self
