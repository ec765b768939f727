"""One service as a process."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dev.launcher.readiness import is_ready
from dev.launcher.service import Service
from tests.running.http import Answer, ask

#: Much longer than a start takes: the machine may have a lot else to do.
READY_SECONDS = 60
STOP_SECONDS = 30
SHOWN_LINES = 40
POLL_SECONDS = 0.02


class RunningService:
    """A process that was started as `python app.py` in its folder; what it writes goes to a file."""

    def __init__(self, service: Service, environment: Mapping[str, str], log: Path) -> None:
        self.service = service
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                service.command,
                cwd=service.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def address(self) -> str:
        return self.service.address

    def get(self, path: str, **more) -> Answer:
        return ask("GET", f"{self.address}{path}", **more)

    def post(self, path: str, body: object = None, **more) -> Answer:
        return ask("POST", f"{self.address}{path}", body, **more)

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def last_lines(self) -> str:
        return "\n".join(self.written().splitlines()[-SHOWN_LINES:])

    def wait_until_ready(self) -> "RunningService":
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(self.service):
            if self.process.poll() is not None or time.monotonic() > deadline:
                message = f"{self.service.name} is not ready (status {self.process.poll()}):\n{self.last_lines()}"
                raise AssertionError(message)
            time.sleep(POLL_SECONDS)
        return self

    def wait(self) -> int:
        return self.process.wait(STOP_SECONDS)

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        self.ask_to_stop()
        return self.wait()

    def end(self) -> None:
        """Kill what is left of it, its workers included."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
