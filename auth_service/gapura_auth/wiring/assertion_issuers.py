"""Reads the file that says who may vouch for people."""

from collections.abc import Mapping
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from gapura.jose import InvalidKeyError, import_key_set
from gapura_auth.oauth.token_grants.jwt_bearer import AssertionIssuer
from gapura_chassis.settings import ConfigurationError


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    issuer: str
    jwks: dict[str, object]
    clients: list[str]
    scopes: list[str]


_ENTRIES = TypeAdapter(list[_Entry])


def read_assertion_issuers(path: Path) -> Mapping[str, AssertionIssuer]:
    """Return who may vouch, by issuer.

    Raises:
        ConfigurationError: when the file cannot be read, or does not say what it must.

    """
    try:
        entries = _ENTRIES.validate_python(orjson.loads(path.read_bytes()))
        issuers = {entry.issuer: _issuer(entry) for entry in entries}
    except (OSError, orjson.JSONDecodeError, ValidationError, InvalidKeyError) as error:
        message = (
            f"GAPURA_ASSERTION_ISSUERS names {path}, which is no list of objects with issuer, jwks, clients and "
            f"scopes: {str(error).splitlines()[0]}"
        )
        raise ConfigurationError(message) from None
    if len(issuers) != len(entries):
        message = f"GAPURA_ASSERTION_ISSUERS names {path}, in which an issuer stands twice."
        raise ConfigurationError(message)
    return issuers


def _issuer(entry: _Entry) -> AssertionIssuer:
    return AssertionIssuer(entry.issuer, import_key_set(entry.jwks), frozenset(entry.clients), frozenset(entry.scopes))
