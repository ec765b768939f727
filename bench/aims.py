"""What was promised (the issue "The guard"), and whether the figures keep it."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.micro import Figure
from bench.rounds import Measured

GUNICORN = ("fje-sync", "fje-gthread")
FASTAPI = ("fastapi-hs256", "fastapi-es256")
SIGNATURE_EXTRA = 25.0


@dataclass(frozen=True, slots=True)
class Aim:
    """One promise; `value` is None where a part of it could not be measured."""

    promise: str
    value: float | None
    bound: float
    unit: str = "times"
    at_most: bool = False
    #: the same with the access log off, as most peers are measured: for comparison, not for the verdict
    quiet: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the promise is kept; None where that is not known."""
        if self.value is None:
            return None
        return self.value <= self.bound if self.at_most else self.value >= self.bound


def judge(results: Sequence[Measured], figures: Sequence[Figure]) -> list[Aim]:
    """Compare the figures with every promise."""
    rates = {one.trial.key: [sample.rate for sample in one.samples] for one in results if one.samples}
    extra = next((one.value for one in figures if one.key == "extra"), None)
    return [
        Aim("chassis: guarded against unguarded, token seen before", _pair(rates, "gapura", "gapura-public"), 0.95),
        Aim("plain Flask: guarded against unguarded, token seen before", _pair(rates, "flask-guard", "flask"), 0.95),
        Aim("first sight of a token: more than the signature check", extra, SIGNATURE_EXTRA, "µs", at_most=True),
        _against(rates, "Flask + Flask-JWT-Extended on gunicorn (its better worker)", GUNICORN, 5.0),
        _against(rates, "FastAPI + PyJWT on uvicorn (its better algorithm)", FASTAPI, 2.5),
        _against(rates, "Fastify + jose (ES256)", ("fastify-es256",), 1.0),
    ]


def _pair(rates: Mapping[str, Sequence[float]], ours: str, theirs: str) -> float | None:
    """Compare two neighbours round by round: what disturbs a round meets both."""
    if ours not in rates or theirs not in rates:
        return None
    return statistics.median(one / other for one, other in zip(rates[ours], rates[theirs], strict=False))


def _against(rates: Mapping[str, Sequence[float]], name: str, peers: Sequence[str], bound: float) -> Aim:
    known = [peer for peer in peers if peer in rates]
    best = max(known, key=lambda peer: statistics.median(rates[peer]), default="")
    return Aim(f"against {name}", _pair(rates, "gapura", best), bound, quiet=_pair(rates, "gapura-quiet", best))
