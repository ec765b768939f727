"""A pytest plugin for `dev.test`: leaves the number of tests that passed, failed and so on in a file."""

import json
import os
from pathlib import Path

import pytest

FILE = "GAPURA_TEST_COUNTS"
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "rerun")


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the counts, when asked to."""
    counts = {outcome: len(terminalreporter.stats.get(outcome, ())) for outcome in OUTCOMES}
    Path(os.environ[FILE]).write_text(json.dumps(counts), encoding="utf-8")


def read_counts(path: Path) -> dict[str, int]:
    """Return the counts that are not zero; none when pytest did not get that far."""
    if not path.exists():
        return {}
    counts: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return {outcome: count for outcome, count in counts.items() if count}
