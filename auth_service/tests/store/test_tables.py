"""The tables as the code believes them to be are those that the migrations make."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gapura_auth.store.tables import metadata


def test_the_migrated_schema_is_the_one_that_the_code_describes(database):
    options = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
