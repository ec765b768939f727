"""What the auth service can be told, on top of what every service can be told."""

from pathlib import Path
from typing import Annotated, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from gapura_auth.oauth.client_metadata import OurAlgorithm
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES
from gapura_chassis.settings import CommaSeparated, IpNetwork, ServiceSettings

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

HEADER_NAME = r"^[A-Za-z][A-Za-z0-9\-]{0,99}$"
ScopeWord = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]{1,128}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


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
    browser_session_seconds: int = Field(
        14 * DAY,
        ge=HOUR,
        alias="GAPURA_BROWSER_SESSION_SECONDS",
        description="Longest life of a login in a browser, however much it is used.",
    )
    browser_idle_seconds: int = Field(
        DAY,
        ge=10 * MINUTE,
        alias="GAPURA_BROWSER_IDLE_SECONDS",
        description="Time after which a login in a browser that is not used ends.",
    )
    refresh_grace_seconds: int = Field(
        60,
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
    signing_algorithms: Annotated[tuple[str, ...], CommaSeparated] = Field(
        ("ES256", "RS256"),
        alias="GAPURA_SIGNING_ALGORITHMS",
        description="Algorithms that tokens are signed with: ES256 for access tokens, RS256 for ID tokens of clients "
        "that ask for nothing else; add PS256, ES384 or EdDSA for those that do. A key is made for each.",
    )
    resources: Annotated[tuple[str, ...], CommaSeparated] = Field(
        (),
        alias="GAPURA_RESOURCES",
        description="Addresses of services that clients may ask tokens for (RFC 8707), beside GAPURA_AUDIENCE.",
    )
    assertion_issuers: Path | None = Field(
        None,
        alias="GAPURA_ASSERTION_ISSUERS",
        description="JSON file that says who may vouch for people (RFC 7523): a list of objects with `issuer`, `jwks`, "
        "`clients` and `scopes`.",
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

    open_registration: bool = Field(
        default=False,
        alias="GAPURA_OPEN_REGISTRATION",
        description="Let anybody register an OAuth client; without it an initial access token is needed.",
    )
    client_metadata_documents: bool = Field(
        default=True,
        alias="GAPURA_CLIENT_METADATA_DOCUMENTS",
        description="Accept clients whose identifier is the https address of their metadata, as MCP clients use it.",
    )
    open_client_scopes: Annotated[tuple[ScopeWord, ...], CommaSeparated] = Field(
        tuple(sorted(IDENTITY_SCOPES)),
        alias="GAPURA_OPEN_CLIENT_SCOPES",
        description="The most that clients can get which no operator has registered, comma-separated.",
    )
    outbound_networks: Annotated[tuple[IpNetwork, ...] | None, CommaSeparated] = Field(
        None,
        alias="GAPURA_OUTBOUND_NETWORKS",
        description="Networks inside yours where addresses of clients (keys, logout) may lie; by default none in "
        "production, and this machine in development. Within 127.0.0.0/8 and ::1 plain http is allowed.",
    )
    outbound_ports: Annotated[tuple[Port, ...], CommaSeparated] = Field(
        (443,),
        alias="GAPURA_OUTBOUND_PORTS",
        description="Ports on the internet that addresses of clients may name, comma-separated.",
    )
    certificate_header: str | None = Field(
        None,
        pattern=HEADER_NAME,
        alias="GAPURA_CLIENT_CERTIFICATE_HEADER",
        description="Header in which GAPURA_TRUSTED_PROXIES pass on a client's TLS certificate (RFC 9440, or as nginx "
        "escapes PEM); without it nobody authenticates by certificate.",
    )
    certificate_verified_header: str | None = Field(
        None,
        pattern=HEADER_NAME,
        alias="GAPURA_CLIENT_CERTIFICATE_VERIFIED_HEADER",
        description="Header in which they say SUCCESS when they have checked the certificate's chain; without it only "
        "registered self-signed certificates are accepted.",
    )

    @model_validator(mode="after")
    def _certificates_come_from_somebody(self) -> Self:
        if self.certificate_header is not None and not self.trusted_proxies:
            message = (
                "GAPURA_CLIENT_CERTIFICATE_HEADER is set and GAPURA_TRUSTED_PROXIES is not: name the proxies that pass "
                "certificates on, or anybody could show any certificate"
            )
            raise ValueError(message)
        return self

    @field_validator("signing_algorithms")
    @classmethod
    def _algorithms_are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = get_args(OurAlgorithm)
        if not {"ES256", "RS256"} <= set(value) or not set(value) <= set(known):
            message = f"must contain ES256 and RS256, and may contain others of {', '.join(known)}"
            raise ValueError(message)
        return value

    @field_validator("resources")
    @classmethod
    def _resources_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [text for text in value if not urlsplit(text).scheme or "#" in text]:
            message = f"must list absolute addresses without a fragment; {wrong[0]!r} is none"
            raise ValueError(message)
        return value

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
