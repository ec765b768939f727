"""Runs a service under Granian: reads the settings, prepares the database once, then forks the workers.

This module stays light on purpose. What a service needs is imported in `prepare`, before the fork, so that the workers
share it, and after the folder for the workers' metrics is known.
"""

import gc
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from gapura_chassis.hardening import scrub_environment
from gapura_chassis.settings import ConfigurationError, ServiceSettings
from gapura_chassis.stopping import call_on_stop, stop_worker_reliably

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HEADER_BYTES = 32 * 1024
HEADER_MILLISECONDS = 10_000

log = structlog.get_logger("gapura.server")


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
        SystemExit: with status 1 when a worker ended by itself.

    """
    _require_free_port(settings.host, settings.port)
    # the workers share what `prepare` imported, and are given functions: both need a fork (not the default everywhere)
    multiprocessing.set_start_method("fork", force=True)
    with _folder_of_figures(settings.workers):
        prepare()
        _run(_server(service, settings), load_application)


def exit_with_reason(error: ConfigurationError) -> NoReturn:
    """End the process with a sentence instead of a stack trace."""
    sys.stderr.write(f"{error}\n")
    sys.stderr.flush()
    raise SystemExit(2)


def _run(server: MPServer, load_application: Callable[[], "WSGIApplication"]) -> None:
    def load(_target: str) -> "WSGIApplication":
        stop_worker_reliably()
        scrub_environment()
        try:
            application = load_application()
        except ConfigurationError as error:
            exit_with_reason(error)
        _keep_what_is_loaded()
        return application

    call_on_stop(server.signal_handler_interrupt)
    try:
        server.serve(target_loader=load)
    except SystemExit:
        if server.interrupt_signal:
            return  # Ctrl-C reaches the workers too: that one of them ended first is no failure
        log.critical("a worker ended by itself, so the service ends", worker=server.interrupt_children)
        raise


def _keep_what_is_loaded() -> None:
    """Tell the garbage collector that modules and tables stay: it need not look at them again and again."""
    gc.collect()
    gc.freeze()


def _server(service: str, settings: ServiceSettings) -> MPServer:
    return MPServer(
        service,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES, header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=settings.stop_seconds,
    )


def _require_free_port(host: str, port: int) -> None:
    # Granian's sockets share a port (SO_REUSEPORT): a second service would start, and get every other request
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Cannot listen on {host}:{port}: {error.strerror}. Stop what uses the port, or choose another."
            raise ConfigurationError(message) from None


@contextmanager
def _folder_of_figures(workers: int) -> Iterator[None]:
    """Name the folder where several workers keep their metrics; a new one, so that no dead worker's are in it."""
    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="gapura-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield
