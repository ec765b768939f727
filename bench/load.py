"""Sends requests for a while and counts the answers: autocannon, or our own generator where there is no Node.js."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bench.cores import on_core
from bench.failures import BenchError
from bench.node_programs import FOLDER, node

Generator = Literal["autocannon", "plain"]
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Sample:
    """What one turn of one trial measured."""

    answered: int
    seconds: float
    #: the 99th percentile of the time to an answer, in milliseconds
    p99: float
    #: processor time that the generator itself used
    generator_seconds: float
    #: processor time that the server used, where the system tells
    server_seconds: float | None = None

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.answered / self.seconds

    @property
    def server_cost(self) -> float | None:
        """Microseconds of processor time per request."""
        return None if self.server_seconds is None else self.server_seconds / self.answered * 1e6

    @property
    def generator_cost(self) -> float:
        """Microseconds of the generator's processor time per request."""
        return self.generator_seconds / self.answered * 1e6


@dataclass(frozen=True, slots=True)
class Load:
    """A load generator on its core."""

    generator: Generator
    core: int | None

    def send(self, port: int, tokens: Sequence[str], seconds: int) -> Sample:
        """Keep some connections busy for this long.

        Raises:
            BenchError: when any request failed or was refused: such figures compare nothing.

        """
        order = {"port": port, "tokens": list(tokens), "seconds": seconds, "connections": CONNECTIONS}
        result = self._carry_out(json.dumps(order))
        if result["refused"] or result["failed"] or not result["answered"]:
            raise BenchError(f"not every request was answered with 200: {result}")
        return Sample(int(result["answered"]), result["seconds"], result["p99"], result["processor_seconds"])

    def _carry_out(self, order: str) -> dict[str, float]:
        with on_core(self.core):
            done = subprocess.run(self._command(), input=order, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"the load generator failed: {done.stderr[-2000:]}")
        result: dict[str, float] = json.loads(done.stdout)
        return result

    def _command(self) -> list[str]:
        if self.generator == "autocannon":
            return [node(), str(FOLDER / "load.js")]
        return [sys.executable, "-m", "bench.plain_load"]
