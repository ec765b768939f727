import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
QUICK = [
    sys.executable,
    "-m",
    "bench",
    "--quick",
    "--load",
    "plain",
]  # needs neither Node.js nor the peers' environment


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    command = [*QUICK, "--only", "gapura,flask-guard", "--output", str(folder)]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def row(report: Path, title: str) -> list[str]:
    lines = (report / "RESULTS.md").read_text("utf-8").splitlines()
    found = next(line for line in lines if line.startswith("|") and title in line)
    return [cell.strip() for cell in found.strip("|").split("|")]


@pytest.mark.parametrize("title", ["Gapura", "plain Flask + our guard"])
def test_every_trial_that_was_asked_for_has_a_rate(report: Path, title: str) -> None:
    assert int(row(report, title)[1].replace(",", "")) > 0


@pytest.mark.parametrize(
    "title", ["a token seen before", "the signature check alone", "status list of 100,000 sessions"]
)
def test_what_happens_inside_a_process_is_in_the_report(report: Path, title: str) -> None:
    assert re.fullmatch(r"[\d,.]+ (µs|kB|ms)", row(report, title)[1])


def test_an_aim_whose_peer_was_not_measured_is_neither_met_nor_missed(report: Path) -> None:
    assert row(report, "against Fastify + jose")[3] == "not measured"


def test_an_aim_has_a_verdict_when_its_figures_are_there(report: Path) -> None:
    assert row(report, "first sight of a token: more")[3] in {"met", "**missed**"}


def test_the_report_says_where_the_microseconds_go(report: Path) -> None:
    assert re.search(r"µs  guard: Verifier\.verify", (report / "RESULTS.md").read_text("utf-8"))


def test_the_plot_shows_the_trials(report: Path) -> None:
    plot = (report / "results.svg").read_text("utf-8")
    assert plot.count("<rect") == 2
    assert "prefers-color-scheme: dark" in plot


def test_a_trial_that_does_not_exist_is_refused_by_name() -> None:
    done = subprocess.run([*QUICK, "--only", "nothing"], cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "There is no trial nothing" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes under /proc")
def test_a_run_that_is_stopped_leaves_no_server_behind() -> None:
    command = [*QUICK, "--only", "flask-guard"]
    with subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, text=True) as run:
        output = run.stdout
        assert output is not None
        wait_for(lambda: output.readline().startswith("round"))
        servers = children(run.pid)
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)
    assert servers
    assert not [pid for pid in servers if Path(f"/proc/{pid}").exists()]


def children(pid: int) -> list[int]:
    found = [child for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]
    return [int(child) for child in found] + [grand for child in found for grand in children(int(child))]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
