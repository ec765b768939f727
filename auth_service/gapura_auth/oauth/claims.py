"""What a client may learn of a person: by scope, or claim by claim (OpenID Connect Core, sections 5.4 and 5.5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

SCOPE_CLAIMS: Mapping[str, tuple[str, ...]] = {
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}

SUPPORTED_CLAIMS = ("sub", *(claim for claims in SCOPE_CLAIMS.values() for claim in claims))


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the protocol sees them: an identifier, and the standard claims that are known."""

    subject: str
    claims: Mapping[str, object] = field(default_factory=dict)


class People(Protocol):
    """Where people and what is known of them are found.

    The auth service knows names and addresses; whoever adds a source of profiles combines it with that one.
    """

    def find(self, subject: str) -> Person | None:
        """Return the person with this identifier; None when there is none, or the account is disabled."""


def claims_for(person: Person, scopes: Collection[str], requested: Collection[str] = ()) -> dict[str, object]:
    """Return what these scopes and single requests give away; what is not known is left out, never null."""
    by_scope = (claim for scope, claims in SCOPE_CLAIMS.items() if scope in scopes for claim in claims)
    wanted = dict.fromkeys((*by_scope, *requested))
    known = {name: person.claims.get(name) for name in wanted}
    return {"sub": person.subject} | {name: value for name, value in known.items() if value is not None}
