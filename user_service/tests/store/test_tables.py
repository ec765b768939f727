from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gapura_users.factory import MIGRATIONS
from gapura_users.store.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_uses(database):
    options = {"compare_type": True, "version_table": MIGRATIONS.version_table}
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
