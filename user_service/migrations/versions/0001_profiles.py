"""The directory of profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _compared_by_byte(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", _compared_by_byte(255), primary_key=True),
        sa.Column("username", sa.String(255), nullable=False),
        sa.Column("username_as_of", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("given_name", sa.String(100)),
        sa.Column("family_name", sa.String(100)),
        sa.Column("nickname", sa.String(100)),
        sa.Column("locale", sa.String(64)),
        sa.Column("zoneinfo", sa.String(64)),
        sa.Column("phone_number", sa.String(16)),
        sa.Column("address", sa.JSON),
        sa.Column("picture", sa.String(2048)),
        sa.Column("username_key", _compared_by_byte(128), nullable=False),
        sa.Column("name_key", _compared_by_byte(128), nullable=False),
        sa.Column("given_name_key", _compared_by_byte(128), nullable=False),
        sa.Column("family_name_key", _compared_by_byte(128), nullable=False),
    )
    op.create_index("profiles_by_username", "profiles", ["username_key", "id"])
    op.create_index("profiles_by_name", "profiles", ["name_key", "id"])
    op.create_index("profiles_by_given_name", "profiles", ["given_name_key", "id"])
    op.create_index("profiles_by_family_name", "profiles", ["family_name_key", "id"])
    op.create_index("profiles_by_creation", "profiles", ["created_at", "id"])
