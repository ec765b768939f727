"""The commands in CONTRIBUTING.md are there, and the files that SECURITY.md names as its proofs."""

import re
import shlex
import subprocess
import sys

from dev.run import TREE
from tests.documentation import markdown

CONTRIBUTING = (TREE / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECURITY = (TREE / "SECURITY.md").read_text(encoding="utf-8")


def test_make_help_shows_what_is_printed():
    shown = next(block.text for block in markdown.blocks(CONTRIBUTING) if block.language == "text")
    done = subprocess.run(
        ["/usr/bin/env", "make", "--no-print-directory", "help"], cwd=TREE, capture_output=True, text=True, check=True
    )
    told = [line for line in done.stdout.splitlines() if "make help" not in line]
    assert shown.splitlines() == told


def test_the_commands_for_one_test_work():
    commands = [line for block in markdown.blocks(CONTRIBUTING) for line in block.text.splitlines() if "pytest" in line]
    for command in commands:
        _, *arguments = shlex.split(command)
        assert arguments[:2] == ["-m", "pytest"]
        assert (TREE / arguments[2]).exists()
    run = [sys.executable, *shlex.split(commands[0])[1:], "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(run, cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_promise_names_tests_that_are_there():
    promises = markdown.rows(markdown.section(SECURITY, "What is promised"))
    assert len(promises) >= 15
    for promise, shown_by in promises:
        proofs = re.findall(r"`([^`]+\.py)`", shown_by)
        assert proofs, promise
        assert [proof for proof in proofs if not (TREE / proof).is_file()] == [], promise
