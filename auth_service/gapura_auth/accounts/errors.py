"""What this room refuses, as sentences for whoever asked."""

from collections.abc import Mapping, Sequence

from gapura_chassis.errors import Conflict, Invalid, NotAuthenticated, NotFound, TooManyRequests, Unavailable


class BadCredentials(NotAuthenticated):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    def __init__(self) -> None:
        super().__init__("Bad username or password", headers={"WWW-Authenticate": 'Bearer realm="gapura"'})


class SessionEnded(NotAuthenticated):
    """The session of a token, or its account, is no longer live."""

    def __init__(self) -> None:
        challenge = 'Bearer realm="gapura", error="invalid_token", error_description="The session has ended."'
        super().__init__("The session has ended: log in again.", headers={"WWW-Authenticate": challenge})


class UnacceptableRegistration(Invalid):
    """Some of what was entered breaks a rule."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("Some values are not acceptable; see errors.", errors=errors)


class UnacceptableRole(UnacceptableRegistration):
    """A role is not written as it must be."""


class UsernameTaken(Conflict):
    """The name belongs to somebody, or looks like one that does."""

    def __init__(self) -> None:
        message = "This username is taken, or looks too much like one that is."
        super().__init__(message, errors={"username": [message]})


class TooManyAttempts(TooManyRequests):
    """Guessing is slowed down."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many failed attempts. Please wait before you try again.", retry_after=retry_after)


class TooManyLogins(Unavailable):
    """More people are logging in than passwords can be checked at once."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many people are logging in right now. Please try again.", retry_after=retry_after)


class UnknownAccount(NotFound):
    """There is no such account."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account named {name}.")


class UnknownSession(NotFound):
    """There is no such session among the caller's own."""

    def __init__(self) -> None:
        super().__init__("You have no session with this identifier.")
