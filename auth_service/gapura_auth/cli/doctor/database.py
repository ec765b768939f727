from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from gapura_auth.accounts.throttle import PAIR
from gapura_auth.cli.doctor.findings import Finding, fine, wrong
from gapura_auth.cli.refusals import driver_message
from gapura_auth.factory import MIGRATIONS
from gapura_auth.store.throttle import take_attempt
from gapura_chassis.database import Database


def check_database(database: Database) -> Sequence[Finding]:
    """Find out whether the database answers, is current and can be written to, up to the first trouble."""
    place = database.engine.url.render_as_string(hide_password=True)
    try:
        database.ping()
        version = _version(database)
    except SQLAlchemyError as error:
        advice = "Start it, or correct DATABASE_URL."
        return [wrong(f"The database {place} does not answer: {driver_message(error)}.", advice)]
    findings = [fine(f"The database {place} answers.")]
    if version != MIGRATIONS.newest():
        return [*findings, _outdated(version)]
    return [*findings, fine(f"The database has version {version}, the newest."), _check_writing(database)]


def _version(database: Database) -> str | None:
    with database.read() as connection:
        return MIGRATIONS.present(connection)


def _outdated(version: str | None) -> Finding:
    newest = MIGRATIONS.newest()
    if version is None:
        return wrong("The database is empty.", "Start the service once, or run `gapura-auth migrate`.")
    if version > newest:
        return wrong(f"The database has version {version}, this program knows {newest}.", "Install the newer program.")
    return wrong(f"The database has version {version}, the newest is {newest}.", "Run `gapura-auth migrate`.")


def _check_writing(database: Database) -> Finding:
    try:
        with database.write() as connection, connection.begin_nested() as rehearsal:
            take_attempt(connection, "doctor", PAIR, 0.0)
            rehearsal.rollback()
    except SQLAlchemyError as error:
        advice = "Free space, or give the service's database user the right to write."
        return wrong(f"The database cannot be written to: {driver_message(error)}.", advice)
    return fine("The database can be written to.")
