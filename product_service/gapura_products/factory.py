"""The whole wiring of the product service."""

from flask import Flask

from gapura import Guard
from gapura_chassis.application import Parts, ServiceDescription, create_application
from gapura_chassis.clock import Clock, system_clock
from gapura_chassis.database import Database, open_database
from gapura_chassis.guarding import guard_from
from gapura_chassis.health import database_check
from gapura_chassis.metrics import Metrics
from gapura_chassis.migrations import Migrations, migrate
from gapura_chassis.settings import ServiceSettings
from gapura_products.catalogue import Catalogue
from gapura_products.demo import fill_with_demo_products
from gapura_products.web.views import ProductViews

MIGRATIONS = Migrations.beside(__file__, "products")

DESCRIPTION = ServiceDescription(
    title="Gapura: product service",
    description="The product catalogue: search it with any access token, change it with the scope `products:write`.",
)


def prepare(settings: ServiceSettings) -> None:
    """Bring the database up to date; called once before the workers are forked."""
    if not settings.migrate:
        return
    database = _open(settings, connections=1)
    try:
        migrate(database, MIGRATIONS, fill_with_demo_products if settings.wants_demo else None)
    finally:
        database.close()


def build(settings: ServiceSettings, *, clock: Clock = system_clock, guard: Guard | None = None) -> Flask:
    """Return the application.

    Args:
        settings: the service's settings.
        clock: where the time comes from.
        guard: what verifies tokens; made from the settings unless a test brings its own.

    """
    database = _open(settings, connections=settings.threads)
    parts = Parts(
        guard=guard or guard_from(settings, "products", clock),
        views={"products": ProductViews(Catalogue(database, clock))},
        checks={"database": database_check(database)},
        metrics=Metrics(multiprocess=settings.workers > 1),
    )
    return create_application(DESCRIPTION, settings, parts)


def _open(settings: ServiceSettings, connections: int) -> Database:
    return open_database(settings.database_address("products"), service="products", connections=connections)
