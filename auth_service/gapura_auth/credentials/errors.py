class CredentialError(ValueError):
    """The base of everything this room refuses: a stable ``code`` for programs, a ``sentence`` for people."""

    code: str = "credential_error"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code


class InvalidUsername(CredentialError):
    """The text cannot be a username; ``code`` says which rule it breaks."""

    code = "username_invalid"


class InvalidEmail(CredentialError):
    """The text cannot be an e-mail address; ``code`` says which rule it breaks."""

    code = "email_invalid"


class UnacceptablePassword(CredentialError):
    """The password may not be set; ``reasons`` are sentences, ``reason_codes`` their stable names in the same order."""

    code = "password_unacceptable"

    def __init__(self, reasons: tuple[str, ...], reason_codes: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons
        self.reason_codes = reason_codes


class TooBusy(CredentialError):
    """Every hashing slot is taken and the queue is full or too slow; try again in ``retry_after`` seconds."""

    code = "too_busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many people are logging in right now. Please try again in a moment.")
        self.retry_after = retry_after


class InvalidMasterKey(CredentialError):
    """The text is not a master key."""

    code = "master_key_invalid"


class CannotOpen(CredentialError):
    """Sealed bytes were changed, cut short, or sealed under another key or for another context."""

    code = "cannot_open"

    def __init__(self) -> None:
        super().__init__("The sealed data cannot be opened: it was changed, or another key or context sealed it.")
