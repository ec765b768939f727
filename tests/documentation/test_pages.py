"""Every page that we wrote: its links lead somewhere, and its commands are run by a test."""

import re
import subprocess
from pathlib import Path

import pytest

from dev.run import TREE
from tests.documentation import markdown

#: Pages whose commands are carried out by a test of their own.
CARRIED_OUT = {
    "README.md": "test_readmes.py",
    "README.id.md": "test_readmes.py",
    "docs/en/add-a-service.md": "test_add_a_service.py",
    "docs/id/tambah-layanan.md": "test_add_a_service.py",
}


def tracked(pattern):
    """Return the files of this tree that match; all that are there, in a copy without its history."""
    listing = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in listing.stdout.splitlines() if (TREE / name).is_file())


PAGES = [name for name in tracked("*.md") if not name.startswith("dev/node/")]
OURS = [name for name in PAGES if "/" not in name or name.startswith("docs/")]


def text_of(name):
    return (TREE / name).read_text(encoding="utf-8")


def leads_somewhere(name, link):
    path, _, fragment = link.partition("#")
    target = (TREE / name).parent / path if path else TREE / name
    if not target.exists() or not fragment:
        return target.exists()
    return fragment in {markdown.anchor(text) for _, text in markdown.headings(target.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_tree_lead_somewhere(name):
    inside = [link for link in markdown.links(text_of(name)) if not re.match(r"[a-z]+:", link)]
    assert [link for link in inside if not leads_somewhere(name, link)] == []


@pytest.mark.parametrize("name", OURS)
def test_commands_are_run_by_a_test(name):
    for block in markdown.blocks(text_of(name)):
        if block.language not in {"bash", "sh", "console", "shell"}:
            continue
        proof = re.match(r"run by (\S+)", block.comment)
        if proof:
            assert (TREE / proof[1]).is_file(), f"{name}, line {block.line}"
        else:
            assert name in CARRIED_OUT, f"{name}, line {block.line}: no test runs this command"
            assert (Path(__file__).parent / CARRIED_OUT[name]).is_file()


def test_every_decision_is_in_the_index():
    folder = TREE / "docs" / "adr"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    index = text_of("docs/adr/README.md")
    assert [link for link in markdown.links(index) if link in pages] == pages
    for page in pages:
        title = markdown.headings((folder / page).read_text(encoding="utf-8"))[0][1]
        assert title.startswith(f"{int(page[:4])}. "), page
