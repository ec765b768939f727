import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^```(?P<language>\w*) ?(?P<attributes>.*)$")
_COMMENT = re.compile(r"^<!-- (?P<text>.*) -->$")
_TITLE = re.compile(r'title="([^"]*)"')
_HEADING = re.compile(r"^(#+) (.*)$")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    attributes: str
    text: str
    #: the comment in the line before it
    comment: str
    line: int
    #: the heading that it stands under
    section: str

    @property
    def title(self) -> str | None:
        found = _TITLE.search(self.attributes)
        return found[1] if found else None

    @property
    def keeps_running(self) -> bool:
        return "background" in self.attributes

    @property
    def run_elsewhere(self) -> bool:
        return self.comment.startswith(("run by ", "compared by "))


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    return list(_blocks(page.splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    section, number = "", 0
    while number < len(lines):
        if heading := _HEADING.match(lines[number]):
            section = heading[2]
        fence = _FENCE.match(lines[number])
        if fence is None:
            number += 1
            continue
        end = lines.index("```", number + 1)
        comment = _COMMENT.match(lines[number - 1])
        text = "\n".join(lines[number + 1 : end])
        yield Block(
            fence["language"], fence["attributes"], text, comment["text"] if comment else "", number + 1, section
        )
        number = end + 1


def without_blocks(page: str) -> str:
    """Return the prose of a page."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def headings(page: str) -> list[tuple[int, str]]:
    """Return level and text of every heading."""
    return [(len(level), text) for level, text in re.findall(r"^(#+) (.*)$", without_blocks(page), re.MULTILINE)]


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one."""
    rest = re.split(rf"^#+ {re.escape(heading)}$", page, maxsplit=1, flags=re.MULTILINE)[1]
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the first table in a text, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def links(page: str) -> list[str]:
    """Return what the links and pictures of a page lead to."""
    return re.findall(r"\]\(([^)\s]+)\)", without_blocks(page))


def anchor(heading: str) -> str:
    """Return the name under which GitHub lets one link to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
