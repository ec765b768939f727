"""The one table. `migrations/` makes it; a test compares the two."""

from sqlalchemy import JSON, BigInteger, Column, Index, MetaData, String, Table

from gapura_users.profile import (
    LOCALE_LENGTH,
    NAME_LENGTH,
    NAME_PART_LENGTH,
    PHONE_NUMBER_LENGTH,
    PICTURE_LENGTH,
    SUBJECT_LENGTH,
    USERNAME_LENGTH,
    ZONEINFO_LENGTH,
)
from gapura_users.search_key import KEY_LENGTH


def _compared_by_byte(length: int) -> String:
    """Return a text type that PostgreSQL, like SQLite, compares by code point instead of by a language's rules."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


metadata = MetaData()

profiles = Table(
    "profiles",
    metadata,
    Column("id", _compared_by_byte(SUBJECT_LENGTH), primary_key=True),
    Column("username", String(USERNAME_LENGTH), nullable=False),
    Column("username_as_of", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("name", String(NAME_LENGTH)),
    Column("given_name", String(NAME_PART_LENGTH)),
    Column("family_name", String(NAME_PART_LENGTH)),
    Column("nickname", String(NAME_PART_LENGTH)),
    Column("locale", String(LOCALE_LENGTH)),
    Column("zoneinfo", String(ZONEINFO_LENGTH)),
    Column("phone_number", String(PHONE_NUMBER_LENGTH)),
    Column("address", JSON(none_as_null=True)),
    Column("picture", String(PICTURE_LENGTH)),
    Column("username_key", _compared_by_byte(KEY_LENGTH), nullable=False),
    Column("name_key", _compared_by_byte(KEY_LENGTH), nullable=False),
    Column("given_name_key", _compared_by_byte(KEY_LENGTH), nullable=False),
    Column("family_name_key", _compared_by_byte(KEY_LENGTH), nullable=False),
    Index("profiles_by_username", "username_key", "id"),
    Index("profiles_by_name", "name_key", "id"),
    Index("profiles_by_given_name", "given_name_key", "id"),
    Index("profiles_by_family_name", "family_name_key", "id"),
    Index("profiles_by_creation", "created_at", "id"),
)
