"""What a route demands, as a frozen value that any adapter can check and any documentation can read."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from gapura.errors import ConfigurationError, InsufficientAuthenticationError, InsufficientScopeError
from gapura.token import AccessToken


class Access(Enum):
    """Who may call a route."""

    PUBLIC = "public"
    """Anybody; a token is not even looked at."""
    OPTIONAL = "optional"
    """Anybody, but a token that is sent must be good."""
    REQUIRED = "required"
    """Whoever has a good token: the default."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route demands of a request: by default a good token and nothing more.

    `all_of` and `any_of` are scopes; `max_age` is the greatest age of the login in seconds and `acr` the accepted
    authentication classes, best first (RFC 9470); `fresh` refuses while revocations are not known up to date.
    """

    kind: Access = Access.REQUIRED
    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    max_age: int | None = None
    acr: tuple[str, ...] = ()
    fresh: bool = False

    def check(self, token: AccessToken, now: float) -> None:
        """Raise the `GuardError` that says what a good token is short of."""
        self.check_scopes(token)
        if self.max_age is not None or self.acr:
            self.check_login(token, now)

    def check_scopes(self, token: AccessToken) -> None:
        """Raise `InsufficientScopeError` when a scope is missing (RFC 6750 section 3.1)."""
        if not token.scopes.issuperset(self.all_of):
            raise InsufficientScopeError(self.all_of)
        if self.any_of and self.any_of.isdisjoint(token.scopes):
            raise InsufficientScopeError(self.any_of, any_of=True)

    def check_login(self, token: AccessToken, now: float) -> None:
        """Raise `InsufficientAuthenticationError` when the login is too old or too weak (RFC 9470 section 3)."""
        if not (self._is_recent(token, now) and self._is_strong(token)):
            raise InsufficientAuthenticationError(max_age=self.max_age, acr=self.acr)

    def combined_with(self, other: Self) -> Self:
        """Give the requirement of a view that was marked twice: both hold, and the same one twice is the same."""
        if self == other:
            return self
        if self.kind is not Access.REQUIRED or other.kind is not Access.REQUIRED:
            raise ConfigurationError("A view is marked public or optional, and marked again: keep one of them.")
        if (self.any_of and other.any_of) or (self.acr and other.acr):
            raise ConfigurationError("A view is marked twice with any_of or with acr: write them in one mark.")
        ages = [age for age in (self.max_age, other.max_age) if age is not None]
        return replace(
            self,
            all_of=self.all_of | other.all_of,
            any_of=self.any_of | other.any_of,
            max_age=min(ages, default=None),
            acr=self.acr or other.acr,
            fresh=self.fresh or other.fresh,
        )

    def _is_recent(self, token: AccessToken, now: float) -> bool:
        return self.max_age is None or (token.auth_time is not None and now - token.auth_time <= self.max_age)

    def _is_strong(self, token: AccessToken) -> bool:
        return not self.acr or token.acr in self.acr


PUBLIC = Requirement(Access.PUBLIC)
OPTIONAL = Requirement(Access.OPTIONAL)
REQUIRED = Requirement()
_SCOPE = re.compile(r"[!#-\[\]-~]+")
_MARK = "__gapura_requirement__"


def scopes(names: Collection[object]) -> frozenset[str]:
    """Check scope names (RFC 6749 section 3.3) as they are written into code."""
    checked = frozenset(name for name in names if isinstance(name, str) and _SCOPE.fullmatch(name))
    if len(checked) != len(set(names)):
        raise ConfigurationError(
            'A scope is a non-empty ASCII string without spaces: @guard.require("products:write").'
        )
    return checked


def mark(view: object, requirement: Requirement) -> None:
    """Write a requirement on a view function; the adapter's hook reads and checks it."""
    marked: Requirement | None = getattr(view, _MARK, None)
    setattr(view, _MARK, marked.combined_with(requirement) if marked else requirement)


def mark_of(view: object) -> Requirement | None:
    """Read what was written on a view function, if anything was."""
    return getattr(view, _MARK, None)
