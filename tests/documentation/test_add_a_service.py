"""A fourth service, made, called and tested by following the page."""

import subprocess
import sys
from pathlib import Path

import pytest

from dev.run import TREE
from tests.documentation import markdown

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("running-services")]

PAGES = ("en/add-a-service.md", "id/tambah-layanan.md")


def page(name):
    return (TREE / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture
def newcomer(reader):
    """Lend a reader who finds `user2` without the role that the pages give, and the next one does too."""
    yield reader
    command = [Path(sys.executable).with_name("gapura-auth"), "users", "revoke-role", "user2", "customer"]
    subprocess.run(command, env=reader.environment, capture_output=True, check=True)


@pytest.mark.parametrize("name", PAGES)
def test_following_the_page_makes_a_service_that_works(name, newcomer):
    assert newcomer.follow(markdown.blocks(page(name))) == []


def test_both_pages_show_the_same():
    english, indonesian = (page(name) for name in PAGES)
    assert [level for level, _ in markdown.headings(english)] == [level for level, _ in markdown.headings(indonesian)]
    shown = [
        [block.text for block in markdown.blocks(text) if "--description" not in block.text]
        for text in (english, indonesian)
    ]
    assert shown[0] == shown[1]


def test_the_service_is_as_short_as_promised():
    code = next(block.text for block in markdown.blocks(page(PAGES[0])) if block.title == "order_service/orders.py")
    assert len([line for line in code.splitlines() if line]) <= 15
