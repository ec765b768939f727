import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from dev.launcher.banner import banner
from dev.launcher.children import Child
from dev.launcher.console import Console
from dev.launcher.failures import LaunchFailure, ServiceEnded, ServiceNotReady
from dev.launcher.ports import require_free_ports
from dev.launcher.readiness import is_ready
from dev.launcher.service import System
from dev.launcher.signals import Signals

_POLL_SECONDS = 0.05
_INSISTENT = 2


@dataclass(frozen=True)
class Limits:
    """How long the launcher waits, in seconds."""

    ready: float = 30
    stop: float = 10


class StopRequested(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM."""


def launch(system: System, environment: Mapping[str, str], console: Console, limits: Limits | None = None) -> int:
    """Run the services until somebody asks to stop (returns 0) or one of them cannot go on (returns 1)."""
    try:
        require_free_ports(system)
        _run_until_something_happens(system, environment, console, limits or Limits())
    except StopRequested:
        console.say("Everything is stopped.")
        return 0
    except LaunchFailure as failure:
        console.say(f"\n{failure}")
        return 1


def _run_until_something_happens(
    system: System, environment: Mapping[str, str], console: Console, limits: Limits
) -> NoReturn:
    begun = time.monotonic()
    children: list[Child] = []
    with Signals() as signals:
        try:
            children.extend(Child(service, environment) for service in system)
            for position, child in enumerate(children):
                child.show_output(console, console.prefix(child.service.name, position))
            _wait_until_ready(children, signals, limits)
            console.say(banner(system, time.monotonic() - begun))
            _wait_until_the_end(children, signals)
        finally:
            _stop(children, signals, limits)


def _wait_until_ready(children: Sequence[Child], signals: Signals, limits: Limits) -> None:
    deadline = time.monotonic() + limits.ready
    waiting = list(children)
    while waiting := [child for child in waiting if not is_ready(child.service)]:
        _check(children, signals)
        if time.monotonic() > deadline:
            raise ServiceNotReady(waiting[0].service, limits.ready, waiting[0].last_lines)
        signals.wait(_POLL_SECONDS)
    _check(children, signals)


def _wait_until_the_end(children: Sequence[Child], signals: Signals) -> NoReturn:
    while True:
        _check(children, signals)
        signals.wait(None)


def _check(children: Sequence[Child], signals: Signals) -> None:
    if signals.stop_requests:
        raise StopRequested
    for child in children:
        status = child.exit_status
        if status is not None:
            child.hear_last_words()
            raise ServiceEnded(child.service, status, child.last_lines)


def _stop(children: Sequence[Child], signals: Signals, limits: Limits) -> None:
    """Stop the last one first; what is not gone in time, or when Ctrl-C comes again, is killed."""
    deadline = time.monotonic() + limits.stop
    for child in reversed(children):
        child.ask_to_stop()
        while child.exit_status is None and time.monotonic() < deadline and signals.stop_requests < _INSISTENT:
            signals.wait(_POLL_SECONDS)
        child.end()
