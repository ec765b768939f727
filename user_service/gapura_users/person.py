"""From a verified token to the person behind it, if it is one."""

from gapura import AccessToken
from gapura_users.profile import SUBJECT_LENGTH, USERNAME_LENGTH, Person

NAMELESS = "?"


def person_of(token: AccessToken) -> Person | None:
    """Return the person; None for a program's own token (RFC 9068, section 2.2) and a `sub` that is no identifier."""
    if token.subject == token.client_id or not is_identifier(token.subject):
        return None
    return Person(token.subject, displayed_username(token), int(token.issued_at * 1_000_000))


def is_identifier(text: str) -> bool:
    """Whether a text can be a profile's id: 1 to 255 printable characters (OpenID Connect Core 1.0, section 2)."""
    return 0 < len(text) <= SUBJECT_LENGTH and text.isprintable()


def displayed_username(token: AccessToken) -> str:
    """Return the name in a token as it can be shown and stored: no control characters, no lone surrogates, bounded."""
    return "".join(letter for letter in token.username if letter.isprintable())[:USERNAME_LENGTH].strip() or NAMELESS
