import re
import unicodedata
from collections.abc import Iterator

from gapura_auth.credentials.common_passwords import is_common
from gapura_auth.credentials.errors import UnacceptablePassword
from gapura_auth.credentials.password_text import prepare_password
from gapura_auth.credentials.predictability import count_pieces, repeating_unit
from gapura_auth.credentials.unicode_identifiers import fold

MINIMUM = 8
SERVICE_NAME = "gapura"
_FEWEST_OF_ITS_OWN = 5  # characters or pieces that must be left when the guessable ones are taken away
_SHORTEST_WORD = 3
_LOOKS_LIKE_LETTERS = str.maketrans("@4301!$57", "aaeoiisst")

_CONTROL = "A password cannot hold control characters, such as a tab or a line break."
_COMMON = "This password is among those that are guessed first."
_CONTEXT = "A password cannot be made from your name, your e-mail address or the name of this service."
_PREDICTABLE = "This password is a simple sequence or repetition, such as 12345678, aaaaaaaa or qwertyui."


def check_password(password: str, *, context: tuple[str, ...], minimum: int = MINIMUM) -> None:
    """Raise ``UnacceptablePassword`` with every reason why a password may not be set (NIST SP 800-63B-4, 3.1.1.2).

    ``context`` holds what an attacker knows about the account: its username, its e-mail address. ``minimum`` counts
    code points after normalisation. There are no composition rules: any printing character, and spaces, will do.
    """
    prepared = prepare_password(password)
    found = tuple(_reasons(prepared, context, minimum))
    if found:
        codes, sentences = zip(*found, strict=True)
        raise UnacceptablePassword(sentences, codes)


def _reasons(prepared: str, context: tuple[str, ...], minimum: int) -> Iterator[tuple[str, str]]:
    folded = fold(prepared)
    if any(unicodedata.category(character) == "Cc" for character in prepared):
        yield "password_control_character", _CONTROL
    if len(prepared) < minimum:
        yield "password_too_short", f"A password has at least {minimum} characters; a few unrelated words are good."
    if any(map(is_common, _variations(folded))):
        yield "password_common", _COMMON
    if any(_leaves_too_little(folded, word) for word in _context_words(context)):
        yield "password_from_context", _CONTEXT
    if _is_predictable(folded, minimum):
        yield "password_predictable", _PREDICTABLE


def _variations(folded: str) -> set[str]:
    """Return what may have been dressed up: without the digits around it, the gaps in it, the swaps, the repetition."""
    written = {folded, _letters_and_digits(folded)}
    written |= {text.translate(_LOOKS_LIKE_LETTERS) for text in set(written) | set(map(_core, written))}
    cores = {core for core in map(_core, written) if len(core) >= _SHORTEST_WORD}
    return written | cores | {repeating_unit(text) for text in written | cores}


def _core(text: str) -> str:
    """Return the text without digits and punctuation at its ends."""
    letters = [place for place, character in enumerate(text) if character.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _context_words(context: tuple[str, ...]) -> set[str]:
    words: set[str] = {SERVICE_NAME}
    for text in map(fold, context):
        words |= {text, _core(text), *re.split(r"[\W_]+", text)}
    words |= {word[::-1] for word in words}
    return {word for word in words if len(word) >= _SHORTEST_WORD}


def _leaves_too_little(folded: str, word: str) -> bool:
    candidates = (folded, _letters_and_digits(folded), folded.translate(_LOOKS_LIKE_LETTERS))
    return any(word in text and len(_core(text.replace(word, ""))) < _FEWEST_OF_ITS_OWN for text in candidates)


def _is_predictable(folded: str, minimum: int) -> bool:
    unit = repeating_unit(folded)
    if len(unit) < min(len(folded), minimum):
        return True
    return len(folded) >= _FEWEST_OF_ITS_OWN > count_pieces(folded)
