"""The whole wiring of the product service."""

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
from gapura_products.catalogue import Catalogue
from gapura_products.demo import fill_with_demo_products
from gapura_products.settings import ProductSettings
from gapura_products.web.views import ProductViews

SERVICE = "products"
MIGRATIONS = Migrations.beside(__file__, SERVICE)
DESCRIPTION = ServiceDescription(
    title="Gapura: product service",
    description="The product catalogue: search it with any access token, change it with the scope `products:write`.",
)


def prepare(settings: ProductSettings) -> None:
    """Bring the database up to date; called once before the workers are forked."""
    if settings.migrate:
        with closing(_open(settings, connections=1)) as database:
            migrate(database, MIGRATIONS, fill_with_demo_products if settings.wants_demo else None)


def build(settings: ProductSettings, *, clock: Clock = system_clock, guard: Guard | None = None) -> Flask:
    """Return the application; its database stands in `app.extensions["database"]` for whoever must close it.

    Args:
        settings: the service's settings.
        clock: where the time comes from.
        guard: what verifies tokens; made from the settings unless a test brings its own.

    """
    database = _open(settings, connections=settings.threads)
    parts = Parts(
        guard=guard or guard_from(settings, SERVICE, clock),
        views={"products": ProductViews(Catalogue(database, clock))},
        checks={"database": database_check(database)},
        metrics=Metrics(multiprocess=settings.workers > 1),
    )
    app = create_application(DESCRIPTION, settings, parts)
    app.extensions["database"] = database
    return app


def _open(settings: ProductSettings, connections: int) -> Database:
    return open_database(settings.database_address(SERVICE), service=SERVICE, connections=connections)
