"""The table of standards names tests; each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs" / "en" / "standards.md"
FOLDERS = ("auth_service/tests", "guard/tests", "tests")


def defined():
    files = (file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    return {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)}


def test_every_test_that_the_table_names_exists():
    named = set(re.findall(r"`(test_\w+)`", TABLE.read_text()))
    assert len(named) > 100
    assert named - defined() == set()


def test_every_requirement_names_a_test_or_says_that_it_is_not_met():
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert [row for row in rows if "`test_" not in row and "**no" not in row.lower()] == []
