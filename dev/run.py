"""`make run`: starts auth, users and products on this machine, with SQLite databases under `var/` and demo data.

Ports are changed with GAPURA_AUTH_PORT, GAPURA_USERS_PORT and GAPURA_PRODUCTS_PORT; everything else in the environment
reaches the services as it is.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dev.launcher.console import Console
from dev.launcher.failures import LaunchFailure
from dev.launcher.service import Service, System
from dev.launcher.supervision import launch

TREE = Path(__file__).resolve().parent.parent
AUTH_PORT, USERS_PORT, PRODUCTS_PORT = 5000, 5001, 5002
_LARGEST_PORT = 65_535


class UnusablePort(LaunchFailure):
    """A variable for a port holds something else."""

    def __init__(self, variable: str, value: str) -> None:
        super().__init__(f"{variable} must be a port number between 1 and {_LARGEST_PORT}, not {value!r}.")


def main() -> int:
    """Run the services until they are stopped; returns the exit status."""
    console = Console(sys.stdout, coloured=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    try:
        system = read_system(os.environ)
    except LaunchFailure as failure:
        console.say(str(failure))
        return 1
    return launch(system, child_environment(os.environ, system), console)


def read_system(environ: Mapping[str, str]) -> System:
    """Return the three services, on the ports that the environment asks for.

    Raises:
        UnusablePort: when one of the ports is not a number in range.

    """
    return System(
        Service("auth", TREE / "auth_service", _port(environ, "GAPURA_AUTH_PORT", AUTH_PORT)),
        Service("users", TREE / "user_service", _port(environ, "GAPURA_USERS_PORT", USERS_PORT)),
        Service("products", TREE / "product_service", _port(environ, "GAPURA_PRODUCTS_PORT", PRODUCTS_PORT)),
    )


def child_environment(environ: Mapping[str, str], system: System) -> dict[str, str]:
    """Return the environment of the services: this one, with what they must agree on filled in."""
    added = {"GAPURA_LOG_FORMAT": "text", "PYTHONUNBUFFERED": "1"}
    if system.auth.port != AUTH_PORT:
        added["GAPURA_ISSUER"] = system.auth.address
    home = Path(environ.get("GAPURA_HOME") or TREE / "var").absolute()
    return added | dict(environ) | {"GAPURA_HOME": str(home)}


def _port(environ: Mapping[str, str], variable: str, default: int) -> int:
    value = environ.get(variable) or str(default)
    if not value.isdecimal() or not 0 < int(value) <= _LARGEST_PORT:
        raise UnusablePort(variable, value)
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
