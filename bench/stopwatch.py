"""Tells how long each layer of nested calls takes by itself, without what it calls that is timed too."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
CALIBRATION_CALLS = 20_000


class Stopwatch:
    """Wraps functions; `end_round` closes one request, and `medians` summarises all of them.

    Timing costs time itself: some of it falls into the layer that is timed, some into its caller. Both are measured
    once, and taken off.
    """

    def __init__(self) -> None:
        self._inside: list[int] = []
        self._round: defaultdict[str, float] = defaultdict(float)
        self._rounds: list[dict[str, float]] = []
        self._own_cost = self._callers_cost = 0.0
        self._calibrate()

    def timed(self, layer: str, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function, with its time counted for a layer."""

        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            self._inside.append(0)
            began = time.perf_counter_ns()
            try:
                return function(*args, **kwargs)
            finally:
                self._count(layer, time.perf_counter_ns() - began)

        return call

    def end_round(self) -> None:
        """Close a request: what was counted since the last one belongs together."""
        self._rounds.append(dict(self._round))
        self._round.clear()

    def medians(self) -> dict[str, float]:
        """Return each layer's microseconds in a usual request, the most expensive first."""
        layers = {layer for one in self._rounds for layer in one}
        medians = {layer: statistics.median(one.get(layer, 0.0) for one in self._rounds) / 1000 for layer in layers}
        return dict(sorted(medians.items(), key=lambda item: -item[1]))

    def _count(self, layer: str, elapsed: int) -> None:
        self._round[layer] += elapsed - self._inside.pop() - self._own_cost
        if self._inside:
            self._inside[-1] += int(elapsed + self._callers_cost)

    def _calibrate(self) -> None:
        nothing = self.timed("nothing", lambda: None)

        def many() -> None:
            for _ in range(CALIBRATION_CALLS):
                nothing()

        began = time.perf_counter_ns()
        many()
        whole = (time.perf_counter_ns() - began) / CALIBRATION_CALLS
        self._own_cost = self._round.pop("nothing") / CALIBRATION_CALLS
        self._callers_cost = whole - self._own_cost
