"""How names are compared: as case-folded, compatibility-composed text, by code point.

Both databases compare these keys byte by byte, and UTF-8 sorts as its code points do: a prefix search is a range of an
index, and there is no pattern language whose wildcards would need escaping.
"""

import unicodedata

#: Longest key in characters. Folding can make a text many times longer, and PostgreSQL indexes 2,704 bytes at most.
KEY_LENGTH = 128

_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def search_key(text: str | None) -> str:
    """Return the text as it is compared: NFKC, case folded, spaces collapsed, bounded; empty for None."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text or "").casefold())
    return " ".join(folded.split())[:KEY_LENGTH]


def end_of_prefix(prefix: str) -> str | None:
    """Return the least text after all texts that begin with the prefix; None where there is no such text."""
    stem = prefix.rstrip(chr(_LAST_CODE_POINT))
    return stem[:-1] + _successor(stem[-1]) if stem else None


def _successor(letter: str) -> str:
    following = ord(letter) + 1
    return chr(_SURROGATES.stop if following in _SURROGATES else following)
