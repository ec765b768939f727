"""The pages about clients: the code that they show is the code that is run."""

from dev.run import TREE
from tests.documentation import markdown

FOLDER = TREE / "docs" / "en" / "clients"


def blocks(page: str) -> list[markdown.Block]:
    return markdown.blocks((FOLDER / page).read_text(encoding="utf-8"))


def code(page: str, title: str) -> str:
    """Return a file that a page shows."""
    return next(block.text for block in blocks(page) if block.title == title)
