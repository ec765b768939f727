"""Rows of the directory, to and from `Profile`; every change is one statement that says what it expects to find."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from gapura_chassis.database import Database
from gapura_chassis.upsert import insert_into
from gapura_users.profile import Address, Profile
from gapura_users.search_key import search_key
from gapura_users.store.listing import Listing, Page, Search
from gapura_users.store.tables import profiles

_MEMBERS = tuple(field.name for field in fields(Profile))
_COLUMNS = tuple(profiles.c[name] for name in _MEMBERS)


class ProfileStore:
    """The profiles in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = insert_into(profiles, database.dialect).on_conflict_do_nothing(index_elements=["id"])

    def find(self, profile_id: str) -> Profile | None:
        """Return one profile."""
        with self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(profiles.c.id == profile_id)).mappings().one_or_none()
        return _profile(row) if row else None

    def add_if_absent(self, profile: Profile) -> Profile:
        """Keep a new profile unless there is one of that id; returns the one that is kept, whoever made it."""
        with self._database.write() as connection:
            connection.execute(self._insert, _row(profile))
        # where it was removed again at once, what was there a moment ago is still a true answer
        return self.find(profile.id) or profile

    def replace(self, profile: Profile, version: int) -> bool:
        """Store the next version of a profile; returns whether the given version was still the present one."""
        with self._database.write() as connection:
            statement = update(profiles).where(_is(profile.id, version)).values(_row(profile))
            return connection.execute(statement).rowcount == 1

    def remove(self, profile_id: str, version: int) -> bool:
        """Delete a profile; returns whether the given version was still the present one."""
        with self._database.write() as connection:
            return connection.execute(delete(profiles).where(_is(profile_id, version))).rowcount == 1

    def page(self, search: Search) -> Page[Profile]:
        """Return one page of the directory.

        Raises:
            Invalid: when the cursor does not belong to this search.

        """
        with self._database.read() as connection:
            return Listing(connection, search, _COLUMNS).page(_profile)


def _is(profile_id: str, version: int) -> ColumnElement[bool]:
    return (profiles.c.id == profile_id) & (profiles.c.version == version)


def _profile(row: RowMapping) -> Profile:
    members: dict[str, Any] = {name: row[name] for name in _MEMBERS}
    address = members["address"]
    return Profile(**members | {"address": Address(**address) if address else None})


def _row(profile: Profile) -> dict[str, object]:
    row = asdict(profile)
    address = {name: text for name, text in (row["address"] or {}).items() if text is not None}
    keys = {f"{name}_key": search_key(row[name]) for name in ("username", "name", "given_name", "family_name")}
    return row | keys | {"address": address or None}
