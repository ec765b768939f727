"""Figures for Prometheus at `/metrics`: right with one worker process and with many.

With several workers each process writes its figures to files that the process answering `/metrics` adds up;
`server` names their folder before this module is first imported.
"""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The registry of one application, and the figures that every service has."""

    def __init__(self, *, multiprocess: bool = False) -> None:
        self.registry = CollectorRegistry()
        # under `flask run` there is one process whatever the settings say, and no folder for the workers' figures
        self._multiprocess = multiprocess and "PROMETHEUS_MULTIPROC_DIR" in os.environ
        if self._multiprocess:
            # the library looks for the folder when it is imported: somebody may have done that before it was named
            values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        self.requests = Counter(
            "gapura_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.latency = Histogram(
            "gapura_http_request_seconds",
            "Time from the first line of our code to the answer.",
            ("route",),
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        if not self._multiprocess:
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self.registry)

    def observe(self, app: Flask) -> None:
        """Count and time every request of the application."""
        app.before_request(self._begin)
        app.after_request(self._end)

    def exposition(self) -> bytes:
        """Return all figures in Prometheus' text format, of all worker processes together."""
        if not self._multiprocess:
            return generate_latest(self.registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call] # the library leaves it unannotated
        return generate_latest(everyone)

    def _begin(self) -> None:
        g.metrics_began = time.perf_counter()

    def _end(self, response: Response) -> Response:
        # the rule, not the path: paths are the caller's choice and would make one series each
        route = request.url_rule.rule if request.url_rule else "(none)"
        method = request.method if request.url_rule else "(any)"
        self.requests.labels(method, route, str(response.status_code)).inc()
        self.latency.labels(route).observe(time.perf_counter() - g.metrics_began)
        return response


def metrics_response(metrics: Metrics) -> Response:
    """Write the figures to HTTP."""
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
