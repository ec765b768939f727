"""What a profile is: frozen values, and the pure functions that make the next value from the last."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

#: Microseconds since the epoch: a time that both databases keep and compare exactly.
Microseconds = int

# the longest of each text, in characters
SUBJECT_LENGTH = 255
USERNAME_LENGTH = 255
NAME_LENGTH = 200
NAME_PART_LENGTH = 100
LOCALE_LENGTH = 64
ZONEINFO_LENGTH = 64
PHONE_NUMBER_LENGTH = 16
PICTURE_LENGTH = 2048


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, with the members of OpenID Connect Core 1.0, section 5.1.1."""

    formatted: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands behind a token: `sub`, the name they go by, and when the token that says so was issued."""

    subject: str
    username: str
    as_of: Microseconds


@dataclass(frozen=True, slots=True)
class Profile:
    """What the directory knows of one person; the members are OpenID Connect's standard claims (section 5.1)."""

    id: str
    username: str
    #: when the token was issued that the username is from: an older token does not bring an older name back
    username_as_of: Microseconds
    #: grows with every change; starts at the time of creation, so that a profile that is made again after a deletion
    #: never has a version that the deleted one had
    version: int
    created_at: Microseconds
    updated_at: Microseconds
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    nickname: str | None = None
    locale: str | None = None
    zoneinfo: str | None = None
    phone_number: str | None = None
    address: Address | None = None
    picture: str | None = None


def new_profile(person: Person, now: Microseconds) -> Profile:
    """Return the profile of a person who is seen for the first time."""
    return Profile(
        id=person.subject,
        username=person.username,
        username_as_of=person.as_of,
        version=now,
        created_at=now,
        updated_at=now,
    )


def renamed(profile: Profile, person: Person, now: Microseconds) -> Profile:
    """Return the profile with the username of a newer token; the same profile where there is none to take over."""
    if person.username == profile.username or person.as_of <= profile.username_as_of:
        return profile
    return _next(profile, now, username=person.username, username_as_of=person.as_of)


def merged(profile: Profile, changes: Mapping[str, Any], now: Microseconds) -> Profile:
    """Return the profile after a JSON merge patch (RFC 7396): None clears a member, an absent one stays.

    The same profile is returned where nothing changes.
    """
    values = dict(changes)
    if values.get("address") is not None:
        values["address"] = _merged_address(profile.address, values["address"])
    if all(getattr(profile, name) == value for name, value in values.items()):
        return profile
    return _next(profile, now, **values)


def _merged_address(address: Address | None, changes: Mapping[str, str | None]) -> Address | None:
    result = replace(address or Address(), **changes)
    return result if any(asdict(result).values()) else None


def _next(profile: Profile, now: Microseconds, **values: Any) -> Profile:  # noqa: ANN401 -- members of several types
    return replace(profile, **values, version=profile.version + 1, updated_at=max(now, profile.updated_at))
