"""From what a token says to an `AccessToken`: every claim that is used has its type checked, here and only here."""

from collections.abc import Mapping
from sys import intern
from types import MappingProxyType

from gapura.errors import InvalidTokenError
from gapura.token import AccessToken

END_OF_TIME = 253402300800  # the year 10000, after which datetime gives up
_NUMBERS = (int, float)
_CONTAINERS = (dict, list)


def read_access_token(claims: Mapping[str, object]) -> AccessToken:
    """Build a token from a claims set, or raise `InvalidTokenError` where `sub`, `iat`, `exp` or a type is wrong."""
    subject = required_text(claims, "sub")
    return AccessToken(
        subject=subject,
        username=optional_text(claims, "preferred_username") or subject,
        issuer=optional_text(claims, "iss"),
        audience=_read_audience(claims),
        scopes=frozenset((optional_text(claims, "scope") or "").split()),
        client_id=optional_text(claims, "client_id"),
        session_id=optional_text(claims, "sid"),
        token_id=optional_text(claims, "jti"),
        issued_at=required_time(claims, "iat"),
        expires_at=required_time(claims, "exp"),
        auth_time=optional_time(claims, "auth_time"),
        acr=optional_text(claims, "acr"),
        claims=_freeze_members(claims),
    )


def optional_text(claims: Mapping[str, object], name: str) -> str | None:
    """Read a string claim that may be absent."""
    value = claims.get(name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidTokenError(f"The token's {name} is not a string.")


def required_text(claims: Mapping[str, object], name: str) -> str:
    """Read a string claim that must be there and not empty."""
    value = optional_text(claims, name)
    if not value:
        raise InvalidTokenError(f"The token has no {name}.")
    return value


def optional_time(claims: Mapping[str, object], name: str) -> float | None:
    """Read a NumericDate (RFC 7519 section 2) that may be absent: a number, not a boolean, between 1970 and 9999."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, _NUMBERS) or not 0 <= value < END_OF_TIME:
        raise InvalidTokenError(f"The token's {name} is not a time.")
    return value


def required_time(claims: Mapping[str, object], name: str) -> float:
    """Read a NumericDate that must be there."""
    value = optional_time(claims, name)
    if value is None:
        raise InvalidTokenError(f"The token has no {name}.")
    return value


def _read_audience(claims: Mapping[str, object]) -> tuple[str, ...]:
    value = claims.get("aud", [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise InvalidTokenError("The token's aud is neither a string nor a list of strings.")
    return tuple(values)


def _freeze_members(members: Mapping[str, object]) -> Mapping[str, object]:
    # A verified token is shared by requests: nothing that one of them does may show in another. All tokens share the
    # names of their claims, which are a quarter of what one takes in the cache.
    return MappingProxyType(
        {intern(name): _freeze(value) if isinstance(value, _CONTAINERS) else value for name, value in members.items()}
    )


def _freeze(value: object) -> object:
    if isinstance(value, dict):
        return _freeze_members(value)
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value
