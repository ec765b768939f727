"""Scopes: what was asked for, what a client may have, what a person may give (RFC 6749, section 3.3)."""

import re
from collections.abc import Collection, Iterable

from gapura_auth.oauth.errors import InvalidScope
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES

LONGEST_SCOPE = 4_096
MOST_WORDS = 100

# scope-token of RFC 6749, appendix A.4: printable ASCII without space, quote and backslash
_WORD = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,128}", re.ASCII)


def parse_scope(text: str | None) -> tuple[str, ...]:
    """Return the words of a `scope` parameter, each once, in the order in which they were given.

    Raises:
        InvalidScope: when it is longer than any honest request, or a word has a character that none may have.

    """
    if text is None:
        return ()
    if len(text) > LONGEST_SCOPE:
        raise InvalidScope("The scope is too long.")
    words = tuple(dict.fromkeys(word for word in text.split(" ") if word))
    if len(words) > MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        raise InvalidScope("The scope is malformed.")
    return words


def allowed_to_client(requested: Iterable[str], client_scopes: Collection[str]) -> frozenset[str]:
    """Return what of a request the client may have; what it may not have is left out (RFC 6749, section 3.3)."""
    return frozenset(requested) & frozenset(client_scopes)


def allowed_by_person(requested: Iterable[str], role_scopes: Collection[str]) -> frozenset[str]:
    """Return what of a request a person may give: what their roles allow, and their own identity."""
    return frozenset(requested) & (frozenset(role_scopes) | IDENTITY_SCOPES)


def narrowed(requested: Iterable[str], granted: Collection[str]) -> frozenset[str]:
    """Return the scopes of a token that is asked for with less than was granted (RFC 6749, section 6).

    Raises:
        InvalidScope: when more is asked for than was granted.

    """
    wanted = frozenset(requested)
    if not wanted:
        return frozenset(granted)
    if not wanted <= frozenset(granted):
        raise InvalidScope("More scope was requested than was granted.")
    return wanted
