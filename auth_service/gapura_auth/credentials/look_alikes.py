"""Skeletons: two names whose skeletons are equal look alike (UTS #39, section 4)."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from gapura_auth.credentials.unicode_identifiers import unicode_data, without_second_dots

_LEFT_TO_RIGHT_MARK = "\u200e"  # confusables.txt wraps right-to-left characters in it, for its own display only
_ROUNDS = 3  # a test proves that every prototype has settled by then


def skeleton(text: str) -> str:
    """Return the skeleton of a name as it is shown.

    UTS #39 maps every character to the prototype of those that look like it. Names are compared without case, so the
    prototypes are case-folded as well: ``0`` has the prototype ``O`` and must meet ``o``. The capitals of the text
    itself are mapped before they are folded, because ``I`` looks like ``l`` while ``i`` does not.
    """
    shape = unicodedata.normalize("NFKC", text)
    for _ in range(_ROUNDS):
        shape = _mapped(shape).casefold()
    return shape


def _mapped(text: str) -> str:
    prototypes = _prototypes()
    mapped = "".join(prototypes.get(character, character) for character in unicodedata.normalize("NFD", text))
    return without_second_dots(unicodedata.normalize("NFD", mapped))


@cache
def _prototypes() -> Mapping[str, str]:
    """Return character → prototype.

    The package stores each line of confusables.txt in both directions. Its right direction can be told again: a
    prototype is the only member of its class with several neighbours, and in a class of two the package wrote the
    other one first.
    """
    table = unicode_data("confusables.json")
    neighbours = {text: [entry["c"] for entry in entries] for text, entries in table.items()}
    prototypes: dict[str, str] = {}
    seen: set[str] = set()
    for text, others in neighbours.items():
        seen.add(text)
        if len(others) == 1 and (len(neighbours[others[0]]) > 1 or others[0] not in seen):
            prototypes[_bare(text)] = _bare(others[0])
    return MappingProxyType(prototypes)


def _bare(text: str) -> str:
    return text.replace(_LEFT_TO_RIGHT_MARK, "")
