"""Configuration: read once from the environment, at the start, into one frozen value.

What is wrong is refused here, by name, with what to do about it. Nothing else in a service reads the environment.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MINIMUM_SECRET_BYTES = 32


class ConfigurationError(Exception):
    """The environment holds a value that the service cannot start with; the text says which, why and what to do."""


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


#: A comma-separated list in one environment variable.
CommaSeparated = BeforeValidator(_split)

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


def _is_origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        message = f"must list origins such as https://app.example.com, without path or final slash; {value!r} is none"
        raise ValueError(message)
    return value


#: A web origin, as browsers send it.
Origin = Annotated[str, AfterValidator(_is_origin)]


class ServiceSettings(BaseModel):
    """What every service can be told; a service adds its own fields. Each field's alias is its environment variable."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    environment: Literal["development", "production"] = Field(
        "development",
        alias="GAPURA_ENV",
        description="`production` refuses demo accounts, a plain-http issuer and a missing master key.",
    )
    home: Path = Field(Path("var"), alias="GAPURA_HOME", description="Folder of the embedded databases and caches.")
    debug: bool = Field(
        default=False, alias="FLASK_DEBUG", description="Flask's debugger, for `flask run`; refused in production."
    )
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
    allowed_origins: Annotated[tuple[Origin, ...], CommaSeparated] = Field(
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
        if not _ORIGIN.fullmatch(f"{parts.scheme}://{parts.netloc}") or not value.isascii() or set(value) & set("?#; "):
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

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.in_production and (broken := list(self._broken_production_rules())):
            message = "; ".join(f"GAPURA_ENV is production: {rule}" for rule in broken)
            raise ValueError(message)
        return self

    def _broken_production_rules(self) -> Iterator[str]:
        if not self.issuer.startswith("https://"):
            yield "GAPURA_ISSUER must start with https://, because tokens and passwords travel to it"
        if self.demo:
            yield "GAPURA_DEMO must be off, because everybody knows the demo accounts' passwords"
        if self.debug:
            yield "FLASK_DEBUG must be off, because the debugger runs the code of whoever reaches it"

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
        try:
            return cls.model_validate(dict(cls._given(environ)))
        except ValidationError as error:
            raise ConfigurationError(_explain(error)) from None

    @classmethod
    def _given(cls, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for field in cls.model_fields.values():
            text = _lookup(environ, field.alias) if field.alias else None
            if text is None or field.alias is None:
                continue
            if not text.strip() and CommaSeparated not in field.metadata:
                message = f"{field.alias} is set but empty: give it a value, or unset it for the default."
                raise ConfigurationError(message)
            yield field.alias, text


def _lookup(environ: Mapping[str, str], name: str) -> str | None:
    path = environ.get(f"{name}_FILE")
    if path is None:
        return environ.get(name)
    if name in environ:
        message = f"{name} and {name}_FILE are both set: unset one of them."
        raise ConfigurationError(message)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        message = f"{name}_FILE names {path}, which cannot be read: {reason}."
        raise ConfigurationError(message) from None


def _explain(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False)
    lines = [_explain_one(detail["loc"], detail["msg"]) for detail in details]
    return "\n".join(["The configuration is not usable.", *lines])


def _explain_one(location: tuple[int | str, ...], message: str) -> str:
    sentence = re.sub(r"^Input should\b", "must", message.removeprefix("Value error, ")).rstrip(".")
    return f"{location[0]}: {sentence}." if location else f"{sentence}."
