"""Configuration: read once from the environment, at the start, into one frozen value.

What is wrong is refused here, by name, with what to do about it. Nothing else in a service reads the environment.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MINIMUM_SECRET_BYTES = 32


class ConfigurationError(Exception):
    """The environment holds a value that the service cannot start with; the text says which, why and what to do."""


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


#: A comma-separated list in one environment variable.
CommaSeparated = BeforeValidator(_split)


class ServiceSettings(BaseModel):
    """What every service can be told; a service adds its own fields. Each field's alias is its environment variable."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    environment: Literal["development", "production"] = Field(
        "development",
        alias="GAPURA_ENV",
        description="`production` refuses demo accounts, a plain-http issuer and a missing master key.",
    )
    home: Path = Field(Path("var"), alias="GAPURA_HOME", description="Folder of the embedded databases and caches.")
    host: str = Field("127.0.0.1", alias="GAPURA_HOST", description="Address to listen on.")
    port: int = Field(0, ge=0, le=65535, alias="PORT", description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, alias="GAPURA_WORKERS", description="Worker processes of this service.")
    threads: int = Field(4, ge=1, le=256, alias="GAPURA_THREADS", description="Request threads of one worker.")
    database_url: SecretStr | None = Field(
        None,
        alias="DATABASE_URL",
        description="`postgresql://…` or `sqlite:///…`; without it, an SQLite file in the home folder.",
    )
    migrate: bool = Field(
        default=True,
        alias="GAPURA_MIGRATE",
        description="Bring the database up to date at the start; turn it off where a migration job does that.",
    )
    demo: bool | None = Field(
        None,
        alias="GAPURA_DEMO",
        description="Fill a new database with demo data; by default in development only.",
    )
    issuer: str = Field(
        "http://127.0.0.1:5000",
        alias="GAPURA_ISSUER",
        description="Address of the auth service, exactly as it stands in tokens (no slash at the end).",
    )
    audience: str = Field(
        "gapura", min_length=1, alias="GAPURA_AUDIENCE", description="Audience of the tokens of our own services."
    )
    jwt_secret_key: SecretStr | None = Field(
        None,
        alias="JWT_SECRET_KEY",
        description="Compatibility mode: one shared HS256 secret (32 bytes or more) for all services.",
    )
    trusted_proxies: Annotated[tuple[IpNetwork, ...], CommaSeparated] = Field(
        (),
        alias="GAPURA_TRUSTED_PROXIES",
        description="Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, comma-separated.",
    )
    allowed_origins: Annotated[tuple[str, ...], CommaSeparated] = Field(
        (), alias="GAPURA_ALLOWED_ORIGINS", description="Web origins that may call this service from a browser (CORS)."
    )
    max_body_bytes: int = Field(
        64 * 1024, ge=1024, alias="GAPURA_MAX_BODY_BYTES", description="Largest request body that is read."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", alias="GAPURA_LOG_FORMAT", description="`json`, `text`, or `auto`: text on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="GAPURA_LOG_LEVEL", description="The least severe lines that are logged."
    )
    stop_seconds: int = Field(
        15, ge=1, le=600, alias="GAPURA_STOP_SECONDS", description="Time that requests in flight get at a stop."
    )

    @field_validator("issuer")
    @classmethod
    def _issuer_is_an_origin_with_path(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            message = "must be an http(s) address without query or fragment, such as https://login.example.com"
            raise ValueError(message)
        if value.endswith("/"):
            message = "must not end with a slash: tokens carry it exactly as it stands here"
            raise ValueError(message)
        return value

    @field_validator("jwt_secret_key")
    @classmethod
    def _secret_is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < MINIMUM_SECRET_BYTES:
            message = (
                f"must be at least {MINIMUM_SECRET_BYTES} bytes long (RFC 7518, section 3.2); make one with "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))', or unset it to use asymmetric keys"
            )
            raise ValueError(message)
        return value

    @property
    def in_production(self) -> bool:
        """Whether the strict rules of production apply."""
        return self.environment == "production"

    @property
    def wants_demo(self) -> bool:
        """Whether a new database is filled with demo data."""
        return not self.in_production if self.demo is None else self.demo

    def database_address(self, service: str) -> str:
        """Return the URL of this service's database: the configured one, or an SQLite file in the home folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / f'{service}.sqlite3').absolute()}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings.

        A secret may also come from a file: `DATABASE_URL_FILE=/run/secrets/db` stands for the file's content.

        Raises:
            ConfigurationError: with one line for each value that is refused.

        """
        aliases = [field.alias for field in cls.model_fields.values() if field.alias]
        values = {alias: text for alias in aliases if (text := _lookup(environ, alias)) is not None}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigurationError(_explain(error)) from None


def _lookup(environ: Mapping[str, str], name: str) -> str | None:
    if name in environ:
        return environ[name]
    path = environ.get(f"{name}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        raise ConfigurationError(message) from None


def _explain(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(str(part) for part in detail['loc']) or 'settings'} "
        f"{detail['msg'].removeprefix('Value error, ').removeprefix('Assertion failed, ')}."
        for detail in error.errors(include_url=False, include_input=False)
    ]
    return "The configuration is not usable. " + " ".join(lines)
