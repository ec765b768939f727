import unicodedata
from dataclasses import dataclass

from gapura_auth.credentials.errors import InvalidEmail
from gapura_auth.credentials.unicode_identifiers import fold, is_highly_restrictive, is_invisible

MOST_BYTES = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_HOME_DOMAINS = ("localhost", "local")
_STAND_IN = ".test"


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An e-mail address: ``address`` to show and to send to, ``canonical`` for look-ups and uniqueness.

    The domain is in its ASCII form (IDNA), in which no letter looks like another's. Mail always goes to the stored
    ``address``, never to what was typed into a form: ``canonical`` is wider than a mailbox.
    """

    address: str
    canonical: str


def parse_email(text: str, *, allow_test_domains: bool = False) -> EmailAddress:
    """Return the e-mail address in a text (RFC 5321, 6531), or raise ``InvalidEmail``. Nothing is resolved by DNS.

    With ``allow_test_domains``, for development, ``@localhost``, ``*.local`` and ``*.test`` (RFC 6761) are accepted.
    """
    normalised = _normalised(text)
    local, domain, ascii_domain = _validated(normalised, allow_test_domains=allow_test_domains)
    if not all(map(is_highly_restrictive, (local, *domain.split(".")))):
        raise InvalidEmail(
            "An e-mail address cannot mix letters of different scripts, such as Latin and Cyrillic.",
            code="email_mixed_scripts",
        )
    email = EmailAddress(f"{local}@{ascii_domain}", f"{fold(local)}@{ascii_domain}")
    if _bytes(email.address) > MOST_BYTES or _bytes(email.canonical) > MOST_BYTES:
        raise _too_long()
    return email


def canonical_email(text: str) -> str:
    """Return the key to look an address up by; for anything else the empty string, which is nobody's. Never raises."""
    try:
        return parse_email(text, allow_test_domains=True).canonical
    except InvalidEmail:
        return ""


def _normalised(text: str) -> str:
    # Counting characters first keeps megabytes away from everything below; bytes are never fewer.
    if len(text) > MOST_BYTES:
        raise _too_long()
    normalised = unicodedata.normalize("NFKC", text.strip())
    if any(map(is_invisible, normalised)):
        raise InvalidEmail("An e-mail address cannot hold invisible or control characters.", code="email_invisible")
    return normalised


def _validated(text: str, *, allow_test_domains: bool) -> tuple[str, str, str]:
    """Return the local part, the domain, and the domain in ASCII."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - 50 ms at the start of every process

    stand_in = _STAND_IN if allow_test_domains and _is_home(text) else ""
    try:
        parts = validate_email(text + stand_in, check_deliverability=False, test_environment=allow_test_domains)
    except EmailNotValidError as error:
        raise InvalidEmail(str(error).rstrip(".") + ".") from None
    return parts.local_part, parts.domain.removesuffix(stand_in), parts.ascii_domain.removesuffix(stand_in)


def _is_home(text: str) -> bool:
    """Tell whether the domain is one that email-validator refuses always, even in its test environment."""
    return text.rpartition("@")[2].lower().rpartition(".")[2] in _HOME_DOMAINS


def _bytes(text: str) -> int:
    return len(text.encode())


def _too_long() -> InvalidEmail:
    return InvalidEmail(f"An e-mail address has at most {MOST_BYTES} bytes.", code="email_too_long")
