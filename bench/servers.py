"""Starts the server of a trial, makes sure that it answers as all others do, and stops it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.cores import on_core
from bench.failures import BenchError
from bench.node_programs import node
from bench.peers.answer import answer_bytes
from bench.peers.trust import USERNAME
from bench.processes import memory_of, processor_seconds_of

TREE = Path(__file__).resolve().parent.parent
BUILD = TREE / "build" / "bench"
START_SECONDS = 30.0
STOP_SECONDS = 5.0
#: What a server inherits of our environment. Granian copies the environment into every request, so it is kept small.
INHERITED = ("HOME", "LANG", "PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Server:
    """A program that serves `GET /products`; `{port}` and `{node}` in its command are filled in."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    #: what its tokens are signed with; None where it looks at none
    algorithm: str | None = "ES256"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that was started."""

    server: Server
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def memory(self) -> float | None:
        """Return the megabytes of the server's processes; what they share is counted once."""
        return memory_of(self.process.pid)

    def processor_seconds(self) -> float | None:
        """Return the processor time that the server's processes have used so far."""
        return processor_seconds_of(self.process.pid)

    def require_answers(self, token: str) -> None:
        """Wait for the first answer, and check that it has the right bytes and that nobody gets it without a token.

        Raises:
            BenchError: when the server does not answer, or answers otherwise.

        """
        status, body = self._first_answer(token)
        if status != 200 or body.rstrip(b"\n") != answer_bytes(USERNAME):  # noqa: PLR2004 - HTTP's own number
            raise BenchError(f"{self.server.name} answers otherwise than the others: {status} {body[:200]!r}")
        if self.server.algorithm and self._get({})[0] != 401:  # noqa: PLR2004
            raise BenchError(f"{self.server.name} answers without a token.")

    def _first_answer(self, token: str) -> tuple[int, bytes]:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError, HTTPException):
                return self._get({"Authorization": f"Bearer {token}"})
            time.sleep(0.05)
        raise BenchError(f"{self.server.name} did not start; its last words:\n{self.log.read_text()[-2000:]}")

    def _get(self, headers: Mapping[str, str]) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/products", headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def running(server: Server, environ: Mapping[str, str], core: int | None) -> Iterator[Running]:
    """Start a server in a process group of its own, and stop the whole group at the end, whatever happens."""
    BUILD.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = [node() if part == "{node}" else part.format(port=port) for part in server.command]
    log = BUILD / f"{server.name}.log"
    with log.open("wb") as output, on_core(core):
        process = subprocess.Popen(
            command,
            cwd=TREE,
            env=_environment(server, environ, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Running(server, port, process, log)
    finally:
        _stop(process)


def _environment(server: Server, environ: Mapping[str, str], port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "PYTHONPATH": str(TREE), "PORT": str(port), **environ, **server.environ}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # a worker that outlived its parent
    process.wait()
