"""The three services together."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.launcher.ports import is_busy
from dev.launcher.service import Service
from dev.launcher.service import System as Services
from dev.run import AUTH_PORT, PRODUCTS_PORT, USERS_PORT, child_environment, read_system
from tests.running.service import RunningService

#: Settings of the person who runs the tests say nothing about what is tested.
_SETTINGS = ("GAPURA_", "JWT_", "DATABASE_URL", "FLASK_", "PORT")

DEMO_PASSWORD = "pass123"

#: Every process that was started; those of a test that fails are shown with it.
started: list[RunningService] = []


@dataclass(frozen=True)
class RunningSystem:
    """Auth, users and products, ready to answer."""

    auth: RunningService
    users: RunningService
    products: RunningService
    environment: Mapping[str, str]

    def __iter__(self) -> Iterator[RunningService]:
        return iter((self.auth, self.users, self.products))

    def login(self, username: str = "user1", password: str = DEMO_PASSWORD) -> dict[str, str]:
        """Log in; returns the tokens."""
        answer = self.auth.post("/login", {"username": username, "password": password})
        assert answer.status == 200, answer
        return answer.json

    def token(self, username: str = "user1", password: str = DEMO_PASSWORD) -> str:
        return self.login(username, password)["access_token"]

    def at_these_ports(self, text: str) -> str:
        """Return a text of the documentation with the addresses of this system."""
        for service, port in zip(self, (AUTH_PORT, USERS_PORT, PRODUCTS_PORT), strict=True):
            text = text.replace(f":{port}", f":{service.service.port}")
        return text


def bare_environment(home: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process: this one without Gapura's settings, and with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
    return inherited | {"GAPURA_HOME": str(home), "GAPURA_LOG_FORMAT": "json", "PYTHONUNBUFFERED": "1"} | settings


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def other_ports() -> dict[str, str]:
    """Return the settings that put the three services on free ports."""
    names = ("GAPURA_AUTH_PORT", "GAPURA_USERS_PORT", "GAPURA_PRODUCTS_PORT")
    return {name: str(port) for name, port in zip(names, free_ports(3), strict=True)}


@contextmanager
def ports_of_the_guide() -> Iterator[dict[str, str]]:
    """Lend no settings where the ports of the guide are free, else those that name others.

    Of several test runs on one machine one gets them: two services that start at the same moment could share a port.
    """
    with (Path(tempfile.gettempdir()) / "gapura-tests-ports.lock").open("ab") as turn:
        taken = not _is_first(turn.fileno()) or any(is_busy(port) for port in (AUTH_PORT, USERS_PORT, PRODUCTS_PORT))
        yield other_ports() if taken else {}


def _is_first(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def services_in(environment: Mapping[str, str]) -> Services:
    return read_system(environment)


@contextmanager
def running(service: Service, environment: Mapping[str, str], log: Path) -> Iterator[RunningService]:
    """Start one service; it is ended with the block."""
    process = RunningService(service, environment, log)
    started.append(process)
    try:
        yield process
    finally:
        process.end()
        started.remove(process)


@contextmanager
def running_system(home: Path, **settings: str) -> Iterator[RunningSystem]:
    """Start all three and wait until they are ready; they are asked to stop, and ended, with the block."""
    environment = bare_environment(home, **settings)
    services = read_system(environment)
    environment = child_environment(environment, services)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(running(service, environment, home / f"{service.name}.log")) for service in services
        ]
        for process in processes:
            process.wait_until_ready()
        yield RunningSystem(*processes, environment)
        for process in processes:
            process.ask_to_stop()
        for process in processes:
            process.wait()
