import unicodedata
from dataclasses import dataclass
from functools import cache

from gapura_auth.credentials.errors import InvalidUsername
from gapura_auth.credentials.look_alikes import skeleton
from gapura_auth.credentials.unicode_identifiers import fold, is_highly_restrictive, is_invisible, script_of

SHORTEST, LONGEST = 3, 64
RESERVED_USERNAMES = frozenset({"anonymous", "everyone", "gapura", "nobody", "null", "root", "support", "system"})
_LONGEST_INPUT = 256  # code points as typed: 64 decomposed characters fit, and no megabyte is ever normalised
_PUNCTUATION = frozenset("._-")
_LETTERS = frozenset({"Ll", "Lu", "Lt", "Lm", "Lo"})
_MARKS = frozenset({"Mn", "Mc"})
_MOST_MARKS_IN_A_ROW = 4  # UTS #39, section 5.4
_MOST_ACCENTS_IN_A_ROW = 2  # of those that any script may borrow: Vietnamese and Yoruba need two, Zalgo many
_CHARACTERS = "A username is made of letters, digits and the characters . _ - only."


@dataclass(frozen=True, slots=True)
class Username:
    """A name that an account may have.

    ``display`` is the name as typed, in NFC; ``canonical`` is the unique key for look-ups (NFKC, case-folded);
    ``skeleton`` is equal for two names that look alike when displayed, so that a unique column can refuse the second.
    """

    display: str
    canonical: str
    skeleton: str


def parse_username(text: str, *, reserved: frozenset[str] = RESERVED_USERNAMES) -> Username:
    """Return the username in a text, or raise ``InvalidUsername``.

    The rules are close to RFC 8265 (UsernameCaseMapped) and UTS #39 (Highly Restrictive). ``reserved`` names are
    refused together with everything that looks like them.
    """
    if len(text) > _LONGEST_INPUT:
        raise _too_long()
    display = unicodedata.normalize("NFC", text.strip())
    canonical = fold(display)
    _check_length(display, canonical)
    _check_characters(display, canonical)
    _check_marks(canonical)
    _check_scripts(canonical)
    username = Username(display, canonical, skeleton(display))
    if _is_reserved(username, reserved):
        raise InvalidUsername("This username is reserved. Please choose another.", code="username_reserved")
    return username


def canonical_username(text: str) -> str:
    """Return the key to look a name up by; for odd text the empty string, which is nobody's. Never raises.

    Rules for new names are not applied here: a stricter rule tomorrow must not lock out the accounts of today.
    """
    if len(text) > _LONGEST_INPUT:
        return ""
    canonical = fold(text.strip())
    return canonical if canonical.isprintable() else ""


def _too_long() -> InvalidUsername:
    return InvalidUsername(f"A username has at most {LONGEST} characters.", code="username_too_long")


def _check_length(display: str, canonical: str) -> None:
    if len(canonical) < SHORTEST:
        raise InvalidUsername(f"A username has at least {SHORTEST} characters.", code="username_too_short")
    if max(len(display), len(canonical)) > LONGEST:
        raise _too_long()


def _check_characters(display: str, canonical: str) -> None:
    if any(map(is_invisible, display)):
        raise InvalidUsername("A username cannot hold invisible or control characters.", code="username_invisible")
    if not all(map(_is_allowed, canonical)):
        raise InvalidUsername(_CHARACTERS, code="username_characters")
    if not (_is_letter_or_digit(canonical[0]) and canonical[-1] not in _PUNCTUATION):
        raise InvalidUsername("A username starts and ends with a letter or a digit.", code="username_edges")


def _is_allowed(character: str) -> bool:
    if character in _PUNCTUATION or unicodedata.category(character) in _MARKS:
        return True
    return _is_letter_or_digit(character)


def _is_letter_or_digit(character: str) -> bool:
    # A letter of no script is a symbol or an apostrophe in disguise, such as U+02BC.
    is_letter = unicodedata.category(character) in _LETTERS and script_of(character) != "COMMON"
    return is_letter or character.isdecimal()


def _check_marks(canonical: str) -> None:
    marks = ""
    for character in unicodedata.normalize("NFD", canonical):
        marks = marks + character if unicodedata.category(character) in _MARKS else ""
        accents = sum(script_of(mark) == "INHERITED" for mark in marks)
        too_many = len(marks) > _MOST_MARKS_IN_A_ROW or accents > _MOST_ACCENTS_IN_A_ROW
        if too_many or len(set(marks)) < len(marks):
            raise InvalidUsername("A username cannot stack several accents on one letter.", code="username_marks")


def _check_scripts(canonical: str) -> None:
    zeros = {ord(digit) - unicodedata.decimal(digit) for digit in canonical if digit.isdecimal()}
    if len(zeros) > 1 or not is_highly_restrictive(canonical):
        sentence = "A username cannot mix letters or digits of different scripts, such as Latin and Cyrillic."
        raise InvalidUsername(sentence, code="username_mixed_scripts")


def _is_reserved(username: Username, reserved: frozenset[str]) -> bool:
    return username.canonical in reserved or username.skeleton in _skeletons(reserved)


@cache
def _skeletons(names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(skeleton, names))
