"""A fourth service, made, called and tested by following the page."""

import pytest

from dev.run import TREE
from tests.documentation import markdown

pytestmark = pytest.mark.e2e

PAGES = ("en/add-a-service.md", "id/tambah-layanan.md")


def page(name):
    return (TREE / "docs" / name).read_text(encoding="utf-8")


def test_following_the_page_makes_a_service_that_works(reader):
    assert reader.follow(markdown.blocks(page(PAGES[0]))) == []


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
