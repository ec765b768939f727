"""The wiring of the user service."""

from contextlib import closing

from flask import Flask

from gapura import Guard
from gapura_chassis.application import Parts, ServiceDescription, create_application
from gapura_chassis.clock import Clock, system_clock
from gapura_chassis.database import Database, open_database
from gapura_chassis.guarding import guard_from
from gapura_chassis.health import database_check
from gapura_chassis.metrics import Metrics
from gapura_chassis.migrations import Migrations, migrate
from gapura_users.directory import Directory
from gapura_users.settings import UserSettings
from gapura_users.store.profiles import ProfileStore
from gapura_users.web.views import UserViews

SERVICE = "users"
MIGRATIONS = Migrations.beside(__file__, SERVICE)
DESCRIPTION = ServiceDescription(
    title="Gapura user service",
    description="The directory: one profile per person, made at the first sight of that person's token.",
)


def prepare(settings: UserSettings) -> None:
    """Bring the database up to date.

    There are no demo profiles: the demo accounts of the auth service get theirs at their first request.
    """
    if settings.migrate:
        with closing(_open(settings, connections=1)) as database:
            migrate(database, MIGRATIONS)


def build(settings: UserSettings, *, clock: Clock = system_clock, guard: Guard | None = None) -> Flask:
    """Wire the application; its database stands in `app.extensions["database"]` for whoever must close it."""
    database = _open(settings, connections=settings.threads)
    directory = Directory(ProfileStore(database), clock)
    parts = Parts(
        guard=guard or guard_from(settings, SERVICE, clock),
        views={"users": UserViews(directory)},
        checks={"database": database_check(database)},
        metrics=Metrics(multiprocess=settings.workers > 1),
    )
    app = create_application(DESCRIPTION, settings, parts)
    app.extensions["database"] = database
    return app


def _open(settings: UserSettings, *, connections: int) -> Database:
    return open_database(settings.database_address(SERVICE), service=SERVICE, connections=connections)
