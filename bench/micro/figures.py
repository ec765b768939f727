import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.credentials import AUDIENCE, Credentials
from gapura import StaticKeySet, TrustedIssuer, Verifier

ISSUER = "http://127.0.0.1:5000"


@dataclass(frozen=True, slots=True)
class Scale:
    """How often things are repeated, and how large the largest tables are."""

    repetitions: int = 2_000
    cached_tokens: int = 4_000
    sessions: int = 100_000
    keys: int = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `key` is for whoever compares it with an aim."""

    key: str
    title: str
    value: float
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Many measurements of one thing."""

    median: float
    least: float
    most: float


def times_of(steps: Iterable[Callable[[], object]]) -> list[float]:
    """Time each step by itself, in microseconds."""
    return [_time(step) for step in steps]


def spread_of(times: Sequence[float]) -> Spread:
    """Summarise times; the 99th percentile stands for the most, because single interruptions mean nothing."""
    ordered = sorted(times)
    return Spread(statistics.median(ordered), ordered[0], ordered[int(len(ordered) * 0.99)])


def figure(key: str, title: str, times: Sequence[float]) -> Figure:
    """Return a figure of time: the median, with its spread in the note."""
    spread = spread_of(times)
    return Figure(key, title, spread.median, "µs", f"least {spread.least:.1f}, 99 % below {spread.most:.1f}")


def verifier(credentials: Credentials, cache_size: int = 4096) -> Verifier:
    """Return a verifier that knows the key already and follows no revocations: nothing of it waits for a network."""
    keys = StaticKeySet.of(credentials.key.public_jwk())
    return Verifier([TrustedIssuer(credentials.issuer, AUDIENCE, keys)], cache_size=cache_size)


def _time(step: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    step()
    return (time.perf_counter_ns() - began) / 1000
