"""What Unicode says about identifiers: folding (D146), invisible characters, scripts and their mixtures (UTS #39)."""

import json
import pkgutil
import re
import unicodedata
from bisect import bisect_right
from functools import cache
from typing import Any

# UAX #31, table 5: scripts in everyday use. The others hold look-alikes that hardly anyone can read.
RECOMMENDED_SCRIPTS = frozenset(
    """
    ARABIC ARMENIAN BENGALI BOPOMOFO CYRILLIC DEVANAGARI ETHIOPIC GEORGIAN GREEK GUJARATI GURMUKHI HAN HANGUL HEBREW
    HIRAGANA KANNADA KATAKANA KHMER LAO LATIN MALAYALAM MYANMAR ORIYA SINHALA TAMIL TELUGU THAANA THAI TIBETAN
    """.split()  # noqa: SIM905 - one paragraph reads better than thirty lines
)
# UTS #39, section 5.2, "Highly Restrictive": the only scripts that may stand together.
_MIXTURES = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
_NEUTRAL = frozenset({"COMMON", "INHERITED"})
_PROLONGED_SOUND_MARK = "\u30fc"  # COMMON in Scripts.txt, yet only ever part of Japanese words
_DOT_OVER_A_DOT = re.compile("(?<=[ij])\u0307+")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Default_Ignorable_Code_Point, as far as its members are letters or marks: the categories above hold the others.
_IGNORABLE_LETTERS_AND_MARKS = frozenset(
    map(
        chr,
        [
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ],
    )
)


def unicode_data(name: str) -> Any:  # noqa: ANN401 - JSON has any shape
    """Return a table of the ``confusable_homoglyphs`` package, read past its modules: importing those loads urllib."""
    return json.loads(pkgutil.get_data("confusable_homoglyphs", name) or b"")


def fold(text: str) -> str:
    """Return the text as compatibility caseless matching compares it (The Unicode Standard, 3.13, D146).

    Beyond the standard, a dot over a dotted letter goes: otherwise the Turkish ``İ`` folds to an ``i`` with a second,
    invisible dot, which nobody can type and which looks like another name.
    """
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", without_second_dots(once.casefold()))


def without_second_dots(text: str) -> str:
    """Return the text without combining dots over letters that have their own (Soft_Dotted, Latin)."""
    return _DOT_OVER_A_DOT.sub("", text)


def is_invisible(character: str) -> bool:
    """Tell whether a character shows nothing, or only changes how its neighbours are shown."""
    return unicodedata.category(character) in _INVISIBLE_CATEGORIES or character in _IGNORABLE_LETTERS_AND_MARKS


def script_of(character: str) -> str:
    """Return the script of a character in capitals (UAX #24), ``"UNKNOWN"`` where it has none."""
    if character == _PROLONGED_SOUND_MARK:
        return "KATAKANA"
    starts, ends, scripts = _script_ranges()
    place = bisect_right(starts, ord(character)) - 1
    return scripts[place] if ord(character) <= ends[place] else "UNKNOWN"


def is_highly_restrictive(text: str) -> bool:
    """Tell whether the scripts of a text may stand together: UTS #39, section 5.2, level "Highly Restrictive"."""
    scripts = {script_of(character) for character in text} - _NEUTRAL
    if not scripts <= RECOMMENDED_SCRIPTS:
        return False
    return len(scripts) <= 1 or any(scripts <= mixture for mixture in _MIXTURES)


@cache
def _script_ranges() -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
    table = unicode_data("categories.json")
    names = table["iso_15924_aliases"]
    starts, ends, scripts, _ = zip(*table["code_points_ranges"], strict=True)
    return starts, ends, tuple(names[script] for script in scripts)
