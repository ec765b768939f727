"""Carries a page out, as a reader would: saves its files, and runs its commands in order in one terminal."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.documentation.expectation import differences, json_documents
from tests.documentation.markdown import Block
from tests.running.system import RunningSystem, free_ports

SHELL = "/bin/bash"
#: Port of the reader's own service in the pages.
OWN_PORT = 5003
OWN_SERVICE_SECONDS = 30
#: Time, in seconds, that a busy machine gets on top where a page tells to wait.
SLACK = 2

_NUMBERED_WAIT = re.compile(r"^sleep (\d+)$", re.MULTILINE)


class CommandFailed(Exception):
    """What comes after it on the page makes no sense any more."""


@dataclass
class Reader:
    """Somebody who follows a page in a folder, with a system running beside."""

    folder: Path
    system: RunningSystem
    environment: Mapping[str, str]
    own_port: int = field(default_factory=lambda: free_ports(1)[0])
    _state: str = ""

    def follow(self, page: Sequence[Block]) -> list[str]:
        """Do what the page shows, up to a command that fails; returns where answers differ from what it promises."""
        found: list[str] = []
        with self.second_terminal() as start, suppress(CommandFailed):
            for block, behind in zip(page, [*page[1:], None], strict=True):
                if block.title is not None:
                    self._save(block)
                elif block.language == "bash" and not block.run_elsewhere:
                    if block.keeps_running:
                        start(self._adapted(block.text))
                    else:
                        found += self._compare(block, self._run(block, found), behind)
        return found

    def _save(self, block: Block) -> None:
        path = self.folder / str(block.title)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{block.text}\n", encoding="utf-8")

    def _adapted(self, text: str) -> str:
        text = self.system.at_these_ports(text)
        text = re.sub(rf"(:|--port ){OWN_PORT}\b", rf"\g<1>{self.own_port}", text)
        return _NUMBERED_WAIT.sub(lambda wait: f"sleep {int(wait[1]) + SLACK}", text)

    def _run(self, block: Block, found: list[str]) -> str:
        """Run a block; variables that it sets are there for the next one."""
        variables = self.folder / ".variables"
        script = f'{self._state}{self._adapted(block.text)}\ndeclare -p > "{variables}"\n'
        done = subprocess.run(
            [SHELL, "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            found.append(f"line {block.line} ended with {done.returncode}:\n{block.text}\n{done.stdout}")
            raise CommandFailed
        self._state = f'source "{variables}" 2>/dev/null || true\n'
        return done.stdout

    def _compare(self, block: Block, output: str, behind: Block | None) -> list[str]:
        if (
            behind is None
            or behind.run_elsewhere
            or behind.title is not None
            or behind.language not in {"json", "text"}
        ):
            return []
        where = f"line {block.line}"
        if behind.language == "text":
            examples, actual = behind.text.splitlines(), output.strip("\n").splitlines()
            return differences(examples, actual, where)
        return differences(json_documents(behind.text), json_documents(output), where)

    @contextmanager
    def second_terminal(self) -> Iterator[Callable[[str], None]]:
        """Start commands that keep running, each until its service answers; they are ended with the block."""
        processes: list[subprocess.Popen[bytes]] = []

        def start(command: str) -> None:
            with (self.folder / "second-terminal.log").open("ab") as log:
                processes.append(
                    subprocess.Popen(
                        [SHELL, "-c", f"exec {command}"],
                        cwd=self.folder,
                        env=self.environment,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                )
            self._wait_for_own_service(processes[-1])

        try:
            yield start
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _wait_for_own_service(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + OWN_SERVICE_SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.own_port), timeout=1):
                return
            log = (self.folder / "second-terminal.log").read_text()
            assert process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.05)
