"""Both READMEs, carried out against the running system, and alike."""

import pytest

from dev.launcher.ports import describe_busy_port
from dev.run import TREE, read_system
from gapura.errors import ExpiredTokenError
from tests.documentation import markdown

pytestmark = pytest.mark.e2e

READMES = ("README.md", "README.id.md")


def page(name):
    return (TREE / name).read_text(encoding="utf-8")


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
