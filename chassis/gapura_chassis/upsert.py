"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells twice.

Only the dialect that is in use is loaded: the other one costs a start 70 ms.
"""

from typing import TYPE_CHECKING, cast

from sqlalchemy import Table

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def insert_into(table: Table, dialect: str) -> "Insert":
    """Return an INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`, for this dialect."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- see above

        return cast("Insert", postgresql.insert(table))
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 -- see above

    return sqlite.insert(table)
