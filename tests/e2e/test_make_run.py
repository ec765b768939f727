"""The one command of the README, as a person uses it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from dev.launcher.banner import banner
from dev.launcher.port_holder import describe_holder
from dev.run import TREE, read_system
from tests.documentation import markdown
from tests.running.system import bare_environment, other_ports

pytestmark = pytest.mark.e2e

READY = re.compile(r"Gapura is ready \((\d+\.\d) s\)\.")
READY_SECONDS = 90
#: What is promised of a second start, in seconds, on a machine with nothing else to do.
PROMISED = 3.0


class Launcher:
    """A command in a process group of its own, as a terminal starts it."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            command,
            cwd=TREE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(iter(self._line, "")), daemon=True)
        self._reader.start()

    def _line(self):
        return self.process.stdout.readline()

    @property
    def output(self):
        return "".join(self.lines)

    def wait_until_ready(self):
        """Return the number of seconds that it says it took."""
        deadline = time.monotonic() + READY_SECONDS
        while "Ctrl-C stops everything." not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        return float(READY.search(self.output)[1])

    def press_ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self):
        status = self.process.wait(30)
        self._reader.join()
        return status

    def end(self):
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
        self.wait()
        self.process.stdout.close()


@contextmanager
def launched(command, environment):
    launcher = Launcher(command, environment)
    try:
        yield launcher
    finally:
        launcher.end()


def pasted_commands(output):
    """Return what the greeting offers to be pasted into another terminal."""
    return output.partition("Try it in another terminal:")[2].partition("Ctrl-C")[0]


def greeting(text):
    """Return what is shown when everything is ready, at the ports of the guide and after some seconds."""
    lines = text[text.index("Gapura is ready") :].partition("Ctrl-C stops everything.")[0]
    return READY.sub("Gapura is ready.", lines)


@pytest.mark.parametrize("readme", ["README.md", "README.id.md"])
def test_the_readmes_show_the_command_and_what_it_greets_with(readme):
    blocks = markdown.blocks((TREE / readme).read_text(encoding="utf-8"))
    commands, shown = (block.text for block in blocks if "tests/e2e/test_make_run.py" in block.comment)
    assert commands.splitlines()[-1] == "make run"
    assert greeting(shown) == greeting(banner(read_system({}), 1.9))


def test_make_run_starts_everything_and_its_commands_can_be_pasted(home):
    environment = bare_environment(home, **other_ports())
    with launched(["make", "run"], environment) as launcher:
        launcher.wait_until_ready()
        assert greeting(launcher.output) == greeting(banner(read_system(environment), 0))
        script = pasted_commands(launcher.output)
        pasted = subprocess.run(["/bin/bash", "-euc", script], capture_output=True, text=True, check=True)
        assert "Selamat datang, user1!" in pasted.stdout
        assert "Daftar produk berhasil diambil oleh user: user1" in pasted.stdout
        launcher.press_ctrl_c()
        launcher.wait()
        assert "Everything is stopped." in launcher.output

    with launched([sys.executable, "-m", "dev.run"], environment) as again:
        assert again.wait_until_ready() < PROMISED * (1 + os.getloadavg()[0])
        users_port = environment["GAPURA_USERS_PORT"]
        process = re.search(r"process (\d+)", describe_holder(int(users_port)))
        os.kill(int(process[1]), signal.SIGKILL)
        assert again.wait() == 1
        assert "users ended by itself" in again.output
        assert "so everything was stopped." in again.output
        assert describe_holder(int(environment["GAPURA_AUTH_PORT"])) is None
