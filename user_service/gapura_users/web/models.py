"""What goes over the wire."""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import ConfigDict, Field

from gapura_chassis.api import Body, Query, Representation
from gapura_users.profile import Microseconds, Profile
from gapura_users.search_key import search_key
from gapura_users.store.listing import Search, Sort
from gapura_users.web.fields import (
    AddressLine,
    AddressLines,
    FullName,
    Locale,
    NamePart,
    PhoneNumber,
    Picture,
    PostalCode,
    SearchText,
    TimeZone,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ListQuery(Query):
    """Which part of the directory; without the scope `users:read` it makes no difference."""

    q: SearchText = Field(
        "", description="Beginning of a username, name, given or family name; upper and lower case are the same."
    )
    sort: Sort | None = Field(
        None, description="Order; by default by username, or with `q` by the name that matched. `-` turns it around."
    )
    limit: int = Field(20, ge=1, le=100, description="The most users in one answer.")
    cursor: str | None = Field(
        None,
        max_length=4096,
        pattern="^[A-Za-z0-9_-]*$",
        description="`next` of the answer before, with the same query.",
    )

    def search(self) -> Search:
        """Return the query as the store understands it."""
        return Search(search_key(self.q), self.sort, self.limit, self.cursor or None)


class AddressChanges(Body):
    """A JSON merge patch of an address."""

    formatted: AddressLines | None = Field(None, description="The whole address as on an envelope, with line breaks.")
    street_address: AddressLines | None = Field(None, description="Street, number and more, with line breaks.")
    locality: AddressLine | None = Field(None, description="City or town.")
    region: AddressLine | None = Field(None, description="Province or state.")
    postal_code: PostalCode | None = None
    country: AddressLine | None = None


class ProfileChanges(Body):
    """A JSON merge patch (RFC 7396): null clears a member, an absent one stays as it is."""

    name: FullName | None = Field(None, description="The full name, as it is shown.")
    given_name: NamePart | None = None
    family_name: NamePart | None = None
    nickname: NamePart | None = None
    locale: Locale | None = Field(None, description="Language tag (BCP 47).")
    zoneinfo: TimeZone | None = Field(None, description="IANA time zone.")
    phone_number: PhoneNumber | None = Field(None, description="Number in E.164 format.")
    address: AddressChanges | None = None
    picture: Picture | None = Field(None, description="Address of a picture.")


class AddressView(Representation):
    """A postal address."""

    model_config = ConfigDict(from_attributes=True)

    formatted: str | None
    street_address: str | None
    locality: str | None
    region: str | None
    postal_code: str | None
    country: str | None


class ProfileView(Representation):
    """What the directory knows of one person."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="The `sub` of the person's tokens.")
    username: str
    name: str | None
    given_name: str | None
    family_name: str | None
    nickname: str | None
    locale: str | None
    zoneinfo: str | None
    phone_number: str | None
    address: AddressView | None
    picture: str | None
    version: int = Field(description="Grows with every change.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """Return the representation of a profile."""
        members = {name: getattr(profile, name) for name in cls.model_fields}
        times = {name: _time(members[name]) for name in ("created_at", "updated_at")}
        return cls.model_validate(members | times)


class UserList(Representation):
    """A greeting, and the users that the caller may see."""

    msg: str
    data: str
    users: list[ProfileView]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def _time(since_epoch: Microseconds) -> datetime:
    return _EPOCH + timedelta(microseconds=since_epoch)
