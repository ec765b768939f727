import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Service:
    """One program to start: it listens on its port and answers 200 at `/readyz` once it can work."""

    name: str
    folder: Path
    port: int
    command: tuple[str, ...] = (sys.executable, "app.py")

    @property
    def address(self) -> str:
        """Where it is reached from this machine."""
        return f"http://127.0.0.1:{self.port}"


class System(NamedTuple):
    """The three services, in the order in which they are started."""

    auth: Service
    users: Service
    products: Service
