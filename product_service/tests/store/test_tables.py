from datetime import UTC, datetime

from sqlalchemy import inspect

from gapura_products.store.tables import from_microseconds, metadata, to_microseconds


def test_the_tables_of_the_code_are_those_of_the_migrations(database):
    inspector = inspect(database.engine)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)} - {"search"}
        assert present == set(table.c.keys())


def test_moments_survive_storage_exactly():
    moment = datetime(2025, 11, 22, 12, 0, 0, 123457, tzinfo=UTC)
    assert from_microseconds(to_microseconds(moment)) == moment
