"""`make test`: sees to it that PostgreSQL and newman are there, runs all tests, and tells the branch coverage.

`python -m dev.test guard/tests -k audience` passes its arguments on to pytest; coverage is then not asked for.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from dev.newman import FOLDER as NEWMAN
from dev.newman import NoNewman, install_newman
from dev.postgres.binaries import find_binaries
from dev.postgres.failures import NoPostgres
from dev.testing.counts import FILE, read_counts
from dev.testing.coverage_report import REQUIRED_PERCENT, Coverage, measure

TREE = Path(__file__).resolve().parent.parent
RESULTS = TREE / "var" / "tests"
#: Where the Node.js programs that tests run have their locks: newman, and the JavaScript clients.
NODE_FOLDERS = (NEWMAN, TREE / "tests" / "clients" / "node")

#: One worker more than the two processors we count on: tests that share running services stay on one worker
#: (`dev.testing.grouping`), which mostly waits for them.
PARALLEL = ("--numprocesses=3", "--dist=loadgroup")
COVERAGE = ("--cov", "--cov-report=")


def main(arguments: Sequence[str]) -> int:
    """Run the tests; returns the exit status: 0 only if all passed and, for a whole run, coverage suffices."""
    begun = time.monotonic()
    provide_components()
    RESULTS.mkdir(parents=True, exist_ok=True)
    counts = RESULTS / "counts.json"
    counts.unlink(missing_ok=True)
    status = run_pytest(arguments or COVERAGE, counts)
    ran = status in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    coverage = measure(TREE) if ran and not arguments else None
    print(summary(read_counts(counts), coverage, time.monotonic() - begun))
    return status or int(coverage is not None and coverage.branch_percent < REQUIRED_PERCENT)


def provide_components() -> None:
    """Install what is missing. What cannot be had is named; its tests are skipped then (with CI=true: they fail)."""
    try:
        find_binaries()
    except NoPostgres as missing:
        print(missing)
    try:
        for folder in NODE_FOLDERS:
            install_newman(folder)
    except NoNewman as missing:
        print(missing)


def run_pytest(arguments: Sequence[str], counts: Path) -> int:
    """Run pytest in the tree; returns its exit status."""
    command = [sys.executable, "-m", "pytest", "-p", "dev.testing.counts", *PARALLEL, *arguments]
    return subprocess.run(command, cwd=TREE, check=False, env={**os.environ, FILE: str(counts)}).returncode


def summary(counts: dict[str, int], coverage: Coverage | None, seconds: float) -> str:
    """Return the last lines: how many tests ended how, how long it took, and what they covered."""
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no tests ran"
    minutes, rest = divmod(round(seconds), 60)
    lines = [f"Tests: {outcomes} in {minutes} min {rest} s."]
    if coverage is not None:
        verdict = "" if coverage.branch_percent >= REQUIRED_PERCENT else f" At least {REQUIRED_PERCENT} % is required."
        lines.append(
            f"Branch coverage: {coverage.branch_percent:.1f} % ({coverage.covered_branches} of {coverage.branches}); "
            f"statements: {coverage.statement_percent:.1f} %.{verdict}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
