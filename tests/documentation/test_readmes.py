"""Both READMEs, carried out against the running system, and alike."""

import os
from pathlib import Path

import pytest

from dev.launcher.ports import describe_busy_port
from dev.run import TREE, read_system
from gapura.errors import ExpiredTokenError
from tests.documentation import markdown
from tests.documentation.shell import Reader

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("running-services")]

READMES = ("README.md", "README.id.md")


def page(name):
    return (TREE / name).read_text(encoding="utf-8")


@pytest.fixture
def reader(system, tmp_path):
    """Put a reader into a folder that looks like this tree, with the environment that `make run` made."""
    for entry in TREE.iterdir():
        if entry.name not in {"var", "build", ".git"}:
            (tmp_path / entry.name).symlink_to(entry)
    path = f"{Path(os.sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Reader(tmp_path, system, {**system.environment, "GAPURA_ISSUER": system.auth.address, "PATH": path})


@pytest.mark.parametrize("name", READMES)
def test_every_command_answers_what_is_printed_behind_it(name, reader):
    blocks = markdown.blocks(page(name))
    assert sum(block.language == "bash" and not block.run_elsewhere for block in blocks) >= 10
    assert reader.follow(blocks) == []


def test_both_readmes_have_the_same_structure():
    english, indonesian = (page(name) for name in READMES)
    assert [level for level, _ in markdown.headings(english)] == [level for level, _ in markdown.headings(indonesian)]
    assert [(block.language, block.attributes) for block in markdown.blocks(english)] == [
        (block.language, block.attributes) for block in markdown.blocks(indonesian)
    ]


def mistakes(name):
    heading = {"README.md": "When something goes wrong", "README.id.md": "Kalau ada yang tidak beres"}[name]
    return [row[0].strip("`") for row in markdown.rows(markdown.section(page(name), heading))]


def test_the_errors_in_the_tables_are_those_that_one_gets(system):
    token = system.token()
    answers = [
        system.auth.post("/login", headers={"Content-Type": "application/x-www-form-urlencoded"}),
        system.users.get("/users", headers={"Authorization": token}),
        system.products.post("/products", {"name": "Meja"}, token=token),
    ]
    form, no_bearer, no_scope = (answer.body.decode().strip() for answer in answers)
    busy = describe_busy_port(read_system({}).auth, "linux").partition(" by ")[0].partition(". ")[0].removesuffix(".")
    expected = [busy, form, no_bearer, f'{{"msg":"{ExpiredTokenError.sentence}"}}', no_scope]
    assert mistakes("README.md") == expected
    assert mistakes("README.id.md") == expected
