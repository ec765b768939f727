import re
from dataclasses import dataclass

from gapura_auth.accounts.errors import UnacceptableRole

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?", re.ASCII)
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,128}")  # a scope-token of RFC 6749, section 3.3
_LONGEST_DESCRIPTION = 255


@dataclass(frozen=True, slots=True)
class Role:
    """A name for a set of scopes, which accounts can be given."""

    name: str
    description: str
    scopes: tuple[str, ...]

    def check(self) -> None:
        """Raise `UnacceptableRole` when it cannot be stored or written into tokens."""
        errors: dict[str, tuple[str, ...]] = {}
        if not _NAME.fullmatch(self.name):
            errors["name"] = ("A role is named by 1 to 64 small letters, digits, dots, hyphens and underscores.",)
        if len(self.description) > _LONGEST_DESCRIPTION or not self.description.isprintable():
            errors["description"] = (f"A description is one line of at most {_LONGEST_DESCRIPTION} characters.",)
        if wrong := [scope for scope in self.scopes if not _SCOPE.fullmatch(scope)]:
            errors["scopes"] = (f"{wrong[0]!r} is no scope: printable ASCII without spaces, quotes and backslashes.",)
        if errors:
            raise UnacceptableRole(errors)
