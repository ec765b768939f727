"""What `make test` does, without running all tests within one of them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from dev import test
from dev.newman import NoNewman
from dev.postgres.failures import NoPostgres
from dev.testing.counts import read_counts
from dev.testing.coverage_report import Coverage, measure

GOOD = Coverage(branches=200, covered_branches=192, statements=1000, covered_statements=990)
POOR = Coverage(branches=200, covered_branches=189, statements=1000, covered_statements=1000)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """Lend the arguments with which pytest would have been called; every call passes."""
    called: list[Sequence[str]] = []

    def run_pytest(arguments: Sequence[str], counts: Path) -> int:
        called.append(arguments)
        counts.write_text(json.dumps({"passed": 12, "failed": 0}))
        return 0

    monkeypatch.setattr(test, "run_pytest", run_pytest)
    monkeypatch.setattr(test, "provide_components", lambda: None)
    monkeypatch.setattr(test, "RESULTS", tmp_path)
    return called


@pytest.mark.parametrize(("coverage", "status"), [(GOOD, 0), (POOR, 1)], ids=["enough", "too little"])
def test_a_whole_run_needs_enough_branch_coverage(
    calls: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, coverage: Coverage, status: int
) -> None:
    monkeypatch.setattr(test, "measure", lambda _tree: coverage)
    assert test.main([]) == status
    assert calls == [("--cov", "--cov-report=")]


def test_a_run_that_broke_off_is_not_measured(calls: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test, "run_pytest", lambda _arguments, _counts: pytest.ExitCode.INTERRUPTED)
    assert test.main([]) == pytest.ExitCode.INTERRUPTED
    assert not calls


def test_arguments_reach_pytest_and_coverage_is_not_asked_for(
    calls: list[Sequence[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert test.main(["guard/tests", "-k", "audience"]) == 0
    assert calls == [["guard/tests", "-k", "audience"]]
    assert capsys.readouterr().out == "Tests: 12 passed in 0 min 0 s.\n"


def test_the_summary_gives_counts_time_and_coverage() -> None:
    assert test.summary({"passed": 3, "skipped": 1}, GOOD, 83.2) == (
        "Tests: 3 passed, 1 skipped in 1 min 23 s.\nBranch coverage: 96.0 % (192 of 200); statements: 99.0 %."
    )
    assert test.summary({}, POOR, 1).endswith("At least 95 % is required.")
    assert test.summary({}, None, 1) == "Tests: no tests ran in 0 min 1 s."


def test_missing_components_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def no_server() -> Path:
        raise NoPostgres("No server.")

    def no_newman(_folder: Path) -> None:
        raise NoNewman("No newman.")

    monkeypatch.setattr(test, "find_binaries", no_server)
    monkeypatch.setattr(test, "install_newman", no_newman)
    test.provide_components()
    assert capsys.readouterr().out == "No server.\nNo newman.\n"


def test_the_counts_of_a_real_run_are_left_in_a_file(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    assert test.run_pytest(["-q", "--numprocesses=0", "dev/tests/launcher/test_console.py"], counts) == 0
    assert read_counts(counts) == {"passed": 2}
    assert read_counts(tmp_path / "nothing") == {}


def test_a_run_that_measured_nothing_covered_nothing(tmp_path: Path) -> None:
    coverage = measure(tmp_path)
    assert (coverage.branch_percent, coverage.statement_percent) == (0, 0)
