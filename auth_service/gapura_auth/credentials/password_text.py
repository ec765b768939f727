import unicodedata

from gapura_auth.credentials.errors import UnacceptablePassword

MOST_BYTES = 1024
_TOO_LONG = f"A password has at most {MOST_BYTES} bytes."


def prepare_password(password: str) -> str:
    """Return the password in the one form that is checked and hashed (NFKC: NIST SP 800-63B-4, section 3.1.1.2).

    Raises ``UnacceptablePassword`` where there is no such form: too long, a NUL, or half a surrogate pair.
    """
    _check_length(password)
    if "\0" in password:
        raise _refusal("A password cannot hold the character NUL.", "password_nul")
    prepared = unicodedata.normalize("NFKC", password)
    _check_length(prepared)  # one character can become eighteen
    return prepared


def _check_length(password: str) -> None:
    # Characters are counted before they are encoded, so that ten megabytes are never copied.
    if len(password) > MOST_BYTES or _byte_count(password) > MOST_BYTES:
        raise _refusal(_TOO_LONG, "password_too_long")


def _byte_count(password: str) -> int:
    try:
        return len(password.encode())
    except UnicodeEncodeError:
        raise _refusal("A password cannot hold half a character (a lone surrogate).", "password_surrogate") from None


def _refusal(sentence: str, code: str) -> UnacceptablePassword:
    return UnacceptablePassword((sentence,), (code,))
