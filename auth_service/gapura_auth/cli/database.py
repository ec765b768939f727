"""`gapura-auth migrate`: the database, brought up to date by hand or by a job."""

import os

import click

from gapura_auth.factory import MIGRATIONS, database_of, prepare
from gapura_auth.settings import AuthSettings


@click.command()
def migrate() -> None:
    """Bring the database up to date, also where GAPURA_MIGRATE keeps the service from doing it."""
    settings = AuthSettings.from_environment(os.environ)
    database = database_of(settings)
    try:
        done_before = MIGRATIONS.are_done(database)
        prepare(settings.model_copy(update={"migrate": True}))
    finally:
        database.close()
    was = "was at version" if done_before else "is now at version"
    click.echo(f"The database {was} {MIGRATIONS.newest()}{', the newest' if done_before else ''}.")
