import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REQUIRED_PERCENT = 95


@dataclass(frozen=True)
class Coverage:
    """How much of all rooms the tests ran through."""

    branches: int
    covered_branches: int
    statements: int
    covered_statements: int

    @property
    def branch_percent(self) -> float:
        """Share of the branches that were taken; 0 when nothing was measured."""
        return _percent(self.covered_branches, self.branches)

    @property
    def statement_percent(self) -> float:
        """Share of the statements that ran; 0 when nothing was measured."""
        return _percent(self.covered_statements, self.statements)


def measure(tree: Path) -> Coverage:
    """Show what the last run did not cover, file by file, and return the totals."""
    report = tree / "var" / "tests" / "coverage.json"
    report.unlink(missing_ok=True)
    _coverage(["report"], tree)
    _coverage(["json", "--quiet", "-o", str(report)], tree)
    if not report.exists():
        return Coverage(0, 0, 0, 0)
    totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    return Coverage(
        totals["num_branches"], totals["covered_branches"], totals["num_statements"], totals["covered_lines"]
    )


def _coverage(arguments: list[str], tree: Path) -> None:
    subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=tree, check=False)


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
