"""Brings a service's tables up to date, and fills a new database with demo data in the same transaction.

Every service keeps its revisions in `migrations/versions/`, numbered `0001`, `0002`, …: the newest file name is the
version that the code needs. A start where nothing is to be done costs one query; Alembic is loaded only to migrate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from gapura_chassis.database import Database
from gapura_chassis.settings import ConfigurationError

ADVISORY_LOCK = 0x67617075  # "gapu": one migration at a time on PostgreSQL, whichever replica comes first


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where a service's revisions lie, and what a fresh database is filled with."""

    service: str
    folder: Path

    @classmethod
    def beside(cls, package_file: str, service: str) -> "Migrations":
        """Find the revisions: inside an installed package, or beside it in the tree."""
        package = Path(package_file).resolve().parent
        inside = package / "migrations"
        return cls(service, inside if inside.is_dir() else package.parent / "migrations")

    @property
    def version_table(self) -> str:
        """Table that holds the version; named after the service, so that services may share one database."""
        return f"{self.service}_schema_version"

    def newest(self) -> str:
        """Return the version that this code needs."""
        return max(path.stem.split("_")[0] for path in (self.folder / "versions").glob("[0-9]*.py"))

    def present(self, connection: Connection) -> str | None:
        """Return the version that the database has; None for a new one."""
        return self._version(connection) if inspect(connection).has_table(self.version_table) else None

    def are_done(self, database: Database) -> bool:
        """Say, with one query, whether nothing is left to do."""
        try:
            with database.read() as connection:
                return self._version(connection) == self.newest()
        except (ProgrammingError, OperationalError):
            return False  # a new database, most likely; if it is something else, migrating will say so

    def _version(self, connection: Connection) -> str | None:
        return connection.execute(text(f"SELECT version_num FROM {self.version_table}")).scalar()  # noqa: S608 -- our own name


def migrate(database: Database, migrations: Migrations, seed: Callable[[Connection], None] | None = None) -> bool:
    """Bring the database to the newest version; returns whether anything was done.

    Args:
        database: the service's database.
        migrations: its revisions.
        seed: called with the open connection when the database was new, so that it exists with its demo data or
            not at all.

    Raises:
        ConfigurationError: when the database is away, or newer than the program.

    """
    if migrations.are_done(database):
        return False
    try:
        return _migrate(database, migrations, seed)
    except OperationalError as error:
        message = f"The database cannot be brought up to date: {str(error.orig).strip()}."
        raise ConfigurationError(message) from error


def _migrate(database: Database, migrations: Migrations, seed: Callable[[Connection], None] | None) -> bool:
    with database.migrate() as connection:
        _take_turn(connection, migrations.service)
        before, newest = migrations.present(connection), migrations.newest()
        if before == newest:
            return False
        if before is not None and before > newest:
            message = f"The database has version {before}, this program only knows {newest}: install a newer one."
            raise ConfigurationError(message)
        _upgrade(connection, migrations)
        if before is None and seed is not None:
            seed(connection)
    return True


def _take_turn(connection: Connection, service: str) -> None:
    if connection.dialect.name != "postgresql":
        return  # SQLite's writers are alone anyway
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    # asked first, because CREATE SCHEMA IF NOT EXISTS wants the right to create one even where it exists
    if not inspect(connection).has_schema(service):
        connection.execute(text(f'CREATE SCHEMA "{service}"'))


def _upgrade(connection: Connection, migrations: Migrations) -> None:
    from alembic import command  # noqa: PLC0415 -- 150 ms that a start without a migration does not pay
    from alembic.config import Config  # noqa: PLC0415 -- as above

    config = Config()
    config.set_main_option("script_location", str(migrations.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = migrations.version_table
    command.upgrade(config, "head")


def run_in_environment() -> None:
    """Run what Alembic's `env.py` runs: every service's file is a call of this, inside the caller's transaction."""
    from alembic import context  # noqa: PLC0415 -- as above

    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"], version_table=attributes["version_table"], transactional_ddl=False
    )
    context.run_migrations()
