import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

TREE = Path(__file__).resolve().parents[3]
SECONDS = 20

SERVICE = """
import http.server, os, signal, sys, time

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if sys.argv[2] != "unready" else 503)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"access_token":"abc.def","token_type":"Bearer"}')

    def log_message(self, *arguments):
        pass

print("pid", os.getpid(), "home", os.environ.get("GAPURA_HOME"), flush=True)
if sys.argv[2] == "refuses":
    sys.exit("I refuse to start.")
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: (print("goodbye", flush=True), os._exit(0)))
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""

LAUNCH = """
import json, os, sys
from pathlib import Path
from dev.launcher.console import Console
from dev.launcher.service import Service, System
from dev.launcher.supervision import Limits, launch

told = json.loads(sys.argv[1])
services = [
    Service(name, Path(told["folder"]), port, (sys.executable, "service.py", str(port), kind))
    for name, port, kind in told["services"]
]
sys.exit(launch(System(*services), os.environ, Console(sys.stdout, coloured=False), Limits(**told["limits"])))
"""


class Launcher:
    """The launcher in a process of its own, over three small services that behave as told."""

    def __init__(
        self,
        folder: Path,
        *,
        kinds: Sequence[str] = ("good", "good", "good"),
        ports: Sequence[int] = (),
        **limits: float,
    ) -> None:
        (folder / "service.py").write_text(SERVICE)
        self.ports = ports or free_ports(3)
        services = list(zip(("auth", "users", "products"), self.ports, kinds, strict=True))
        told = json.dumps({"folder": str(folder), "services": services, "limits": limits})
        self.output = folder / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LAUNCH, told], cwd=TREE, stdout=output, stderr=output
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.text or self.process.poll() is not None)
        assert words in self.text

    def end(self) -> int:
        return self.process.wait(SECONDS)

    def children(self) -> list[int]:
        return [int(line.split()[3]) for line in self.text.splitlines() if "| pid" in line]


StartLauncher = Callable[..., Launcher]


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[StartLauncher]:
    started: list[Launcher] = []

    def start(**how: Any) -> Launcher:
        started.append(Launcher(tmp_path, **how))
        return started[-1]

    yield start
    for each in started:
        each.process.terminate()
        each.end()


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def shell(commands: str) -> str:
    return subprocess.run(["/bin/sh", "-c", commands], capture_output=True, text=True, check=True).stdout


def test_the_banner_names_addresses_that_answer(launcher: StartLauncher) -> None:
    running = launcher()
    running.wait_for("Ctrl-C stops everything.")
    for port in running.ports:
        assert f"http://127.0.0.1:{port}/docs" in running.text
        assert shell(f"curl -s http://127.0.0.1:{port}/docs") == "/docs"


def test_the_commands_of_the_banner_can_be_pasted_as_they_are(launcher: StartLauncher) -> None:
    running = launcher()
    running.wait_for("Ctrl-C stops everything.")
    pasted = running.text[running.text.index("TOKEN=") : running.text.index("Ctrl-C")]
    assert shell(f'{pasted}\necho; echo "$TOKEN"') == "/users/products\nabc.def\n"


def test_every_line_of_a_service_carries_its_name(launcher: StartLauncher) -> None:
    running = launcher()
    running.wait_for("Ctrl-C")
    for name in ("auth", "users", "products"):
        assert f"{name:<8} | pid" in running.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_stops_everything_in_order_with_status_0(launcher: StartLauncher, number: signal.Signals) -> None:
    running = launcher()
    running.wait_for("Ctrl-C")
    children = running.children()
    running.process.send_signal(number)
    assert running.end() == 0
    goodbyes = [line.split()[0] for line in running.text.splitlines() if line.endswith("goodbye")]
    assert goodbyes == ["products", "users", "auth"]
    assert len(children) == 3
    assert not any(map(lives, children))


def test_a_service_that_does_not_stop_is_killed(launcher: StartLauncher) -> None:
    running = launcher(kinds=("good", "stubborn", "good"), stop=0.3)
    running.wait_for("Ctrl-C")
    running.process.send_signal(signal.SIGINT)
    assert running.end() == 0
    assert not any(map(lives, running.children()))


def test_a_second_ctrl_c_does_not_wait(launcher: StartLauncher) -> None:
    running = launcher(kinds=("good", "good", "stubborn"), stop=600)
    running.wait_for("Ctrl-C")
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.1)  # two signals at once are one
    running.process.send_signal(signal.SIGINT)
    assert running.end() == 0
    assert not any(map(lives, running.children()))


def test_when_one_dies_all_stop_and_the_reason_is_shown(launcher: StartLauncher) -> None:
    running = launcher()
    running.wait_for("Ctrl-C")
    children = running.children()
    victim = next(int(line.split()[3]) for line in running.text.splitlines() if line.startswith("users    | pid"))
    os.kill(victim, signal.SIGKILL)
    assert running.end() == 1
    assert "users ended by itself (SIGKILL), so everything was stopped." in running.text
    assert f"\n    pid {victim}" in running.text
    assert not any(map(lives, children))


def test_a_service_that_refuses_to_start_is_named_with_its_last_words(launcher: StartLauncher) -> None:
    running = launcher(kinds=("good", "good", "refuses"))
    assert running.end() == 1
    assert "products ended by itself (exit status 1)" in running.text
    assert "\n    I refuse to start." in running.text
    assert "Gapura is ready" not in running.text


def test_a_service_that_is_never_ready_is_reported(launcher: StartLauncher) -> None:
    running = launcher(kinds=("good", "unready", "good"), ready=1)
    assert running.end() == 1
    assert f"users was not ready after 1 s: http://127.0.0.1:{running.ports[1]}/readyz" in running.text
    assert not any(map(lives, running.children()))


def test_a_busy_port_is_named_before_anything_starts(launcher: StartLauncher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        running = launcher(ports=[*free_ports(2), taken])
        assert running.end() == 1
    assert f"Port {taken}, which products needs, is in use" in running.text
    assert not running.children()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_no_service_outlives_a_launcher_that_was_killed(launcher: StartLauncher) -> None:
    running = launcher()
    running.wait_for("Ctrl-C")
    children = running.children()
    running.process.kill()
    running.end()
    until(lambda: not any(map(lives, children)))


def test_the_output_may_be_a_pipe_that_is_closed_early(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(SERVICE)
    services = list(zip(("auth", "users", "products"), free_ports(3), ("good",) * 3, strict=True))
    told = json.dumps({"folder": str(tmp_path), "services": services, "limits": {}})
    command = f"{shlex.join([sys.executable, '-c', LAUNCH, told])} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=TREE, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert "| pid" in done.stdout
    assert done.stderr == ""
