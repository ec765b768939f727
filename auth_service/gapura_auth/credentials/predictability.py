"""What a password consists of: repetitions, sequences and rows of keys count for little."""

import itertools

_ROWS = (
    *("`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
    *("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm"),
)
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/")
_IN_A_ROW = frozenset(itertools.chain.from_iterable(map(itertools.pairwise, _ROWS)))
_IN_A_COLUMN = frozenset(itertools.chain.from_iterable(map(itertools.pairwise, _COLUMNS)))
_DIRECTION_NAMES = ("same", "up", "down", "row", "row backwards", "column", "column backwards")
_DIRECTIONS = frozenset(_DIRECTION_NAMES)
_SHORTEST_RUN = 3


def repeating_unit(text: str) -> str:
    """Return the shortest text that, repeated, makes this one: ``"abc"`` for ``"abcabc"``, else the text itself."""
    return text[: (text + text).find(text, 1)] if text else ""


def count_pieces(text: str) -> int:
    """Return how many pieces someone has to remember: a run such as ``1234``, ``aaaa`` or ``qwerty`` is one piece."""
    pieces, start = 0, 0
    while start < len(text):
        pieces += 1
        length = _run_length(text, start)
        start += length if length >= _SHORTEST_RUN else 1
    return pieces


def _run_length(text: str, start: int) -> int:
    end = start + 1
    directions = _DIRECTIONS
    while end < len(text) and (directions := directions & _directions(text[end - 1], text[end])):
        end += 1
    return end - start


def _directions(left: str, right: str) -> frozenset[str]:
    step = ord(right) - ord(left)
    there, back = (left, right), (right, left)
    on_keys = (there in _IN_A_ROW, back in _IN_A_ROW, there in _IN_A_COLUMN, back in _IN_A_COLUMN)
    return frozenset(itertools.compress(_DIRECTION_NAMES, (step == 0, step == 1, step == -1, *on_keys)))
