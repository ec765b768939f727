import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress

from dev.launcher.console import Console
from dev.launcher.service import Service
from dev.launcher.tether import tether

_KEPT_LINES = 15
_LAST_WORDS_SECONDS = 1.0


class Child:
    """The process of one service, in a session of its own: a Ctrl-C on the terminal does not reach it."""

    def __init__(self, service: Service, environment: Mapping[str, str]) -> None:
        self.service = service
        self.last_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader: threading.Thread | None = None
        self._process = subprocess.Popen(
            service.command,
            cwd=service.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509 -- threads are started after the last child, by show_output
        )

    @property
    def exit_status(self) -> int | None:
        """How it ended, as `Popen.returncode`; None while it runs."""
        return self._process.poll()

    def show_output(self, console: Console, prefix: str) -> None:
        """Show every line that it writes from now on."""
        self._reader = threading.Thread(target=self._read, args=(console, prefix), daemon=True)
        self._reader.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, if it still runs."""
        if self.exit_status is None:
            self._process.terminate()

    def end(self) -> None:
        """Kill what is left of it, its own children included, and take in its last words."""
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses where Linux finds nobody
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.hear_last_words()

    def hear_last_words(self) -> None:
        """Wait a moment until all that an ended process wrote has been read."""
        if self._reader is not None:
            self._reader.join(_LAST_WORDS_SECONDS)

    def _read(self, console: Console, prefix: str) -> None:
        for line in self._process.stdout or ():
            self.last_lines.append(line.rstrip())
            console.say(f"{prefix}{line.rstrip()}")
