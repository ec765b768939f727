"""Assembles a service: a Flask app with everything that is the same in all of them.

The order in which a request passes through: proxies, envelope (id, clock), limits, guard, parsing, view; and on its way
back errors in one shape, security headers, metrics, one log line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from flask import Flask

from gapura import Guard
from gapura_chassis.api.docs_page import serve_docs
from gapura_chassis.api.document import openapi_document
from gapura_chassis.api.routes import mount
from gapura_chassis.cors import allow_origins
from gapura_chassis.envelope import Envelope
from gapura_chassis.errors import register_error_handlers
from gapura_chassis.forwarded import TrustedProxies
from gapura_chassis.hardening import harden, security_headers
from gapura_chassis.health import Check, liveness, readiness
from gapura_chassis.metrics import Metrics, metrics_response
from gapura_chassis.service_app import ServiceApp
from gapura_chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """What a service says of itself in its OpenAPI document."""

    title: str
    description: str
    version: str = "0.1.0"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service brings to its application."""

    guard: Guard
    #: objects with marked methods, by the tag they are documented under
    views: Mapping[str, object]
    #: what `/readyz` asks, by name
    checks: Mapping[str, Check]
    metrics: Metrics = field(default_factory=Metrics)
    allowed_origins: Sequence[str] = ()


def create_application(description: ServiceDescription, settings: ServiceSettings, parts: Parts) -> Flask:
    """Return the WSGI application of a service."""
    app = ServiceApp("gapura", static_folder=None)
    harden(app, settings)
    allow_origins(app, (*settings.allowed_origins, *parts.allowed_origins))
    parts.guard.init_app(app)
    register_error_handlers(app)
    routes = [route for tag, views in parts.views.items() for route in mount(app, parts.guard, views, tag=tag)]
    document = openapi_document(description.title, description.description, description.version, routes)
    serve_docs(app, parts.guard, document, f"{settings.issuer}/login")
    _serve_operations(app, parts)
    headers = security_headers(https=settings.issuer.startswith("https://"))
    app.wsgi_app = Envelope(app.wsgi_app, headers=headers, metrics=parts.metrics)  # type: ignore[method-assign] # Flask's own extension point
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign] # as above
    return app


def _serve_operations(app: Flask, parts: Parts) -> None:
    public = parts.guard.public  # marks what it is given: a function of a module would be marked once for each app
    app.add_url_rule("/livez", "operations.livez", public(partial(liveness)))
    app.add_url_rule("/readyz", "operations.readyz", public(lambda: readiness(parts.checks)))
    app.add_url_rule("/metrics", "operations.metrics", public(lambda: metrics_response(parts.metrics)))
