"""Runs a service under Granian: reads the settings, prepares the database once, then forks the workers.

This module stays light on purpose. What a service needs is imported in `prepare`, before the fork, so that the workers
share it, and after the folder for the workers' metrics is known.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from gapura_chassis.hardening import scrub_environment
from gapura_chassis.settings import ConfigurationError, ServiceSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HEADER_BYTES = 32 * 1024


def serve(
    service: str,
    settings: ServiceSettings,
    prepare: Callable[[], None],
    load_application: Callable[[], "WSGIApplication"],
) -> None:
    """Run the service until it is told to stop.

    Args:
        service: its name, as it appears in logs and file names.
        settings: its settings.
        prepare: called once, before the workers are forked.
        load_application: called in every worker.

    Raises:
        ConfigurationError: when the port is taken.

    """
    _require_free_port(settings.host, settings.port)
    if settings.workers > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty_folder(settings.home / "metrics" / service))
    prepare()

    def load(_target: str) -> "WSGIApplication":
        scrub_environment()
        return load_application()

    _server(service, settings).serve(target_loader=load)


def exit_with_reason(error: ConfigurationError) -> NoReturn:
    """End the process with a sentence instead of a stack trace."""
    sys.stderr.write(f"{error}\n")
    raise SystemExit(2)


def _server(service: str, settings: ServiceSettings) -> MPServer:
    return MPServer(
        service,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES, header_read_timeout=10_000),
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=settings.stop_seconds,
    )


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Cannot listen on {host}:{port}: {error.strerror}. Stop what uses the port, or choose another."
            raise ConfigurationError(message) from None


def _empty_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path.absolute()
