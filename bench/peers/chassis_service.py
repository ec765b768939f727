"""The route as one of our own services would have it: chassis, guard, logs, metrics and Granian, as shipped."""

from flask import Flask, Response
from pydantic import Field

from bench.peers.answer import answer
from bench.peers.trust import USERNAME
from gapura import Guard, current_token
from gapura_chassis.api import get, json_response
from gapura_chassis.application import Parts, ServiceDescription, create_application
from gapura_chassis.clock import system_clock
from gapura_chassis.guarding import guard_from
from gapura_chassis.program import Program
from gapura_chassis.settings import ServiceSettings

DESCRIPTION = ServiceDescription("Bench", "One route, to be measured.")


class BenchSettings(ServiceSettings):
    """What this service can be told beside what every service can."""

    public: bool = Field(default=False, alias="BENCH_PUBLIC", description="Whether the route is open to anybody.")


class GuardedViews:
    """The route behind the guard."""

    @get("/products", "List products", {200: None})
    def products(self) -> Response:
        """Return three products."""
        return json_response(answer(current_token.username))


class PublicViews:
    """The same route, marked public."""

    @get("/products", "List products", {200: None}, public=True)
    def products(self) -> Response:
        """Return three products."""
        return json_response(answer(USERNAME))


def prepare(settings: BenchSettings) -> None:
    """Make the folder where the guard keeps the last keys."""
    settings.home.mkdir(parents=True, exist_ok=True)


def build(settings: BenchSettings, guard: Guard | None = None) -> Flask:
    """Wire the application."""
    guard = guard or guard_from(settings, "bench", system_clock)
    views = PublicViews() if settings.public else GuardedViews()
    return create_application(DESCRIPTION, settings, Parts(guard, {"Products": views}, {}))


if __name__ == "__main__":
    Program("bench", BenchSettings, "bench.peers.chassis_service").main()
