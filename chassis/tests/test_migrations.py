from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, text

from gapura_chassis.database import open_database
from gapura_chassis.migrations import Migrations, migrate
from gapura_chassis.settings import ConfigurationError

ENVIRONMENT = "from gapura_chassis.migrations import run_in_environment\n\nrun_in_environment()\n"
REVISION = """
from alembic import op
import sqlalchemy as sa

revision = "{number}"
down_revision = {before!r}


def upgrade():
    op.create_table("{table}", sa.Column("n", sa.Integer, primary_key=True))
"""


def add_revision(folder: Path, number: str, before: str | None, table: str) -> None:
    (folder / "versions" / f"{number}_{table}.py").write_text(
        REVISION.format(number=number, before=before, table=table)
    )


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    folder = tmp_path / "100% tiny" / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    add_revision(folder, "0001", None, "first")
    return Migrations("tiny", folder)


@pytest.fixture
def database(database_url: str):
    database = open_database(database_url, service="tiny", connections=2)
    yield database
    database.close()


def tables(database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_a_new_database_gets_tables_and_seed_once(database, migrations):
    seeded = []
    assert migrate(database, migrations, seeded.append)
    assert not migrate(database, migrations, seeded.append)
    assert tables(database) == {"first", "tiny_schema_version"}
    assert len(seeded) == 1


def test_a_later_revision_is_applied_without_seeding_again(database, migrations):
    migrate(database, migrations)
    add_revision(migrations.folder, "0002", "0001", "second")
    seeded = []
    assert migrate(database, migrations, seeded.append)
    assert tables(database) == {"first", "second", "tiny_schema_version"}
    assert seeded == []


def test_a_crash_between_tables_and_seed_leaves_nothing(database, migrations):
    def crash(connection):
        connection.execute(text("INSERT INTO first VALUES (1)"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate(database, migrations, crash)
    assert tables(database) == set()
    assert migrate(database, migrations)


def test_a_start_with_nothing_to_do_costs_one_query(database, migrations):
    migrate(database, migrations)
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cu, statement, *_: statements.append(statement))
    migrate(database, migrations)
    assert [one for one in statements if not one.startswith("BEGIN")] == ["SELECT version_num FROM tiny_schema_version"]


def migrate_and_count(url: str, folder: str, results) -> None:
    database = open_database(url, service="tiny", connections=1)
    results.put(migrate(database, Migrations("tiny", Path(folder))))
    database.close()


def test_of_processes_that_migrate_at_once_one_does_the_work(database_url, migrations):
    spawn = get_context("spawn")
    results = spawn.Queue()
    processes = [
        spawn.Process(target=migrate_and_count, args=(database_url, str(migrations.folder), results)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    done = [results.get(timeout=20) for _ in processes]
    for process in processes:
        process.join()
    assert sorted(done) == [False, False, True]


def test_a_database_newer_than_the_program_is_refused(database, migrations):
    add_revision(migrations.folder, "0002", "0001", "second")
    migrate(database, migrations)
    (migrations.folder / "versions" / "0002_second.py").unlink()
    with pytest.raises(ConfigurationError, match="has version 0002, this program only knows 0001"):
        migrate(database, migrations)


def test_a_database_that_is_away_is_named_in_a_sentence(migrations):
    database = open_database("postgresql://nobody@127.0.0.1:1/none", service="tiny", connections=1)
    with pytest.raises(ConfigurationError, match=r"cannot be brought up to date: .*[Cc]onnection"):
        migrate(database, migrations)
    database.close()


def test_revisions_lie_inside_an_installed_package_or_beside_it(tmp_path: Path):
    package = tmp_path / "package"
    package.mkdir()
    assert Migrations.beside(str(package / "factory.py"), "tiny").folder == tmp_path / "migrations"
    (package / "migrations").mkdir()
    assert Migrations.beside(str(package / "factory.py"), "tiny").folder == package / "migrations"
