"""Figures for Prometheus at `/metrics`: right with one worker process and with many.

With several workers each process writes its figures to files that the process answering `/metrics` adds up;
`server` names their folder before this module is first imported.
"""

import os

from flask import Response
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
        self._series: dict[tuple[str, str | None, int], tuple[Counter, Histogram]] = {}
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

    def observe(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count and time one request; `route` is the rule that answered, None where there was none."""
        key = (method, route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._make_series(method if route else "(any)", route or "(none)", status)
        count, latency = series
        count.inc()
        latency.observe(seconds)

    def _make_series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        # looking a series up by its labels costs more than counting in it: what was found once is kept
        return self.requests.labels(method, route, str(status)), self.latency.labels(route)

    def exposition(self) -> bytes:
        """Return all figures in Prometheus' text format, of all worker processes together."""
        if not self._multiprocess:
            return generate_latest(self.registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call] # the library leaves it unannotated
        return generate_latest(everyone)


def metrics_response(metrics: Metrics) -> Response:
    """Write the figures to HTTP."""
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
