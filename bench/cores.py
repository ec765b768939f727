"""Which core the servers run on and which one the load generator: the two must not take time from each other."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cores:
    """The two cores; both are None where they cannot be chosen."""

    server: int | None
    load: int | None

    @classmethod
    def choose(cls) -> "Cores":
        """Take the first core for servers and the last for load, if the system lets a process choose."""
        usable = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
        return cls(usable[0], usable[-1]) if len(usable) > 1 else cls(None, None)

    def describe(self) -> str:
        """Say it in one sentence, for the report."""
        if self.server is None:
            return "Servers and load generator shared all cores: this system lets no process choose its core."
        return f"Servers ran on core {self.server}, the load generator on core {self.load}."


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Start what is started inside on one core: a new process inherits the choice."""
    if core is None or sys.platform != "linux":
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
