import signal
from collections.abc import Iterable

from dev.launcher.service import Service


class LaunchFailure(Exception):
    """The services cannot run; the text is for the person at the terminal."""


class PortsTaken(LaunchFailure):
    """Ports that other programs hold, each described by one sentence."""

    def __init__(self, sentences: Iterable[str]) -> None:
        super().__init__("\n".join([*sentences, "Nothing was started."]))


class ServiceEnded(LaunchFailure):
    """A service ended by itself, and so the others were stopped."""

    def __init__(self, service: Service, status: int, last_lines: Iterable[str]) -> None:
        super().__init__(
            f"{service.name} ended by itself ({describe_exit(status)}), so everything was stopped."
            f"{_quote(service, last_lines)}"
        )


class ServiceNotReady(LaunchFailure):
    """A service did not answer in time."""

    def __init__(self, service: Service, seconds: float, last_lines: Iterable[str]) -> None:
        super().__init__(
            f"{service.name} was not ready after {seconds:.0f} s: {service.address}/readyz does not answer 200. "
            f"Everything was stopped.{_quote(service, last_lines)}"
        )


def describe_exit(status: int) -> str:
    """Say how a process ended: its exit status, or the signal that ended it (negative, as `Popen.returncode`)."""
    if status < 0:
        return signal.Signals(-status).name
    return f"exit status {status}"


def _quote(service: Service, last_lines: Iterable[str]) -> str:
    lines = list(last_lines)
    if not lines:
        return " It wrote nothing."
    return "".join([f" The last lines of {service.name}:", *(f"\n    {line}" for line in lines)])
