"""Where a token is looked for: the header, a cookie with protection against request forgery, or a JSON body."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Request

from gapura.credentials import read_credentials
from gapura.errors import ConfigurationError, MissingTokenError

_UNSAFE_METHODS = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token as it was found; from a cookie it must agree with `csrf` once it is verified."""

    text: str
    csrf: str | None = None


@dataclass(frozen=True, slots=True)
class _Search:
    request: Request
    config: Mapping[str, object]
    refresh: bool

    def setting(self, kind: str, default: str) -> str:
        """Read one of the library's settings, for the kind of token that is looked for."""
        return str(self.config.get(f"JWT_{'REFRESH' if self.refresh else 'ACCESS'}_{kind}", default))

    @property
    def name(self) -> str:
        return "refresh_token" if self.refresh else "access_token"


def _in_headers(search: _Search) -> FoundToken:
    return FoundToken(read_credentials(search.request.headers.get("Authorization")).token)


def _in_cookies(search: _Search) -> FoundToken:
    cookie = search.setting("COOKIE_NAME", f"{search.name}_cookie")
    text = search.request.cookies.get(cookie)
    if not text:
        raise MissingTokenError(f'Missing cookie "{cookie}"')
    if search.request.method not in _UNSAFE_METHODS:
        return FoundToken(text)
    csrf = search.request.headers.get(search.setting("CSRF_HEADER_NAME", "X-CSRF-TOKEN"))
    if not csrf:
        raise MissingTokenError("Missing CSRF token")
    return FoundToken(text, csrf)


def _in_json(search: _Search) -> FoundToken:
    if not search.request.is_json:
        raise MissingTokenError("Invalid content-type. Must be application/json.")
    name = str(search.config.get("JWT_REFRESH_JSON_KEY" if search.refresh else "JWT_JSON_KEY", search.name))
    body = search.request.get_json(silent=True)
    text = body.get(name) if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        raise MissingTokenError(f'Missing "{name}" key in json data.')
    return FoundToken(text)


_FINDERS: Mapping[str, Callable[[_Search], FoundToken]] = {
    "headers": _in_headers,
    "cookies": _in_cookies,
    "json": _in_json,
}


def check_locations(locations: str | Sequence[str]) -> tuple[str, ...]:
    """Refuse a location that tokens must not be in, where it is written."""
    checked = (locations,) if isinstance(locations, str) else tuple(locations)
    if "query_string" in checked:
        raise ConfigurationError("Tokens are not accepted in addresses: they would end up in logs (RFC 9700).")
    if not checked or not _FINDERS.keys() >= set(checked):
        raise ConfigurationError("Tokens are looked for in headers, cookies or json.")
    return checked


def find_token(
    request: Request, config: Mapping[str, object], locations: tuple[str, ...], *, refresh: bool
) -> FoundToken:
    """Find a token in the first location that has one, or raise `MissingTokenError` naming them all."""
    search = _Search(request, config, refresh)
    missing = []
    for location in locations:
        try:
            return _FINDERS[location](search)
        except MissingTokenError as error:
            missing.append(str(error))
    if len(locations) == 1:
        raise MissingTokenError(missing[0])
    names = f"{', '.join(locations[:-1])} or {locations[-1]}"
    raise MissingTokenError(f"Missing JWT in {names} ({'; '.join(missing)})")


def check_csrf(found: FoundToken, claims: Mapping[str, object]) -> None:
    """Hold a token from a cookie against the value that only a page of the same site can send (double submit)."""
    if found.csrf is None:
        return
    csrf = claims.get("csrf")
    if not isinstance(csrf, str) or not hmac.compare_digest(csrf.encode(), found.csrf.encode()):
        raise MissingTokenError("CSRF double submit tokens do not match")
