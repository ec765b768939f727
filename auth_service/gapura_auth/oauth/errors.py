"""Refusals of the protocol, as values: a code, a description, a status. `web` writes them to HTTP in one place."""

from collections.abc import Mapping

from gapura_auth.oauth.vocabulary import ErrorCode


class OAuthError(Exception):
    """An error answer after RFC 6749, section 5.2.

    `description` is plain ASCII without quotes and backslashes: that is all the grammar of section 5.2 allows.
    """

    def __init__(
        self,
        code: ErrorCode,
        description: str,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = _allowed(description)
        self.status = status
        self.headers = dict(headers or {})


class InvalidClient(OAuthError):
    """The client did not prove who it is."""

    def __init__(self, description: str = "Client authentication failed.", *, challenge: str | None = None) -> None:
        headers = {"WWW-Authenticate": challenge} if challenge else {}
        super().__init__(ErrorCode.INVALID_CLIENT, description, status=401, headers=headers)


class InvalidRequest(OAuthError):
    """A parameter is missing, given twice, or malformed."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_REQUEST, description)


class InvalidGrant(OAuthError):
    """The code, token or assertion is not good, or is somebody else's."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_GRANT, description)


class InvalidScope(OAuthError):
    """More was asked for than there is, or than the client may have."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_SCOPE, description)


class InvalidTarget(OAuthError):
    """The resource is unknown, or the client may not ask for it (RFC 8707, section 2)."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_TARGET, description)


class UnauthorizedClient(OAuthError):
    """The client may not use this grant."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.UNAUTHORIZED_CLIENT, description)


class InvalidClientMetadata(OAuthError):
    """A member of a registration cannot be accepted (RFC 7591, section 3.2.2)."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_CLIENT_METADATA, description)


class InvalidRedirectUri(OAuthError):
    """A redirect URI of a registration cannot be accepted (RFC 7591, section 3.2.2)."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_REDIRECT_URI, description)


def _allowed(description: str) -> str:
    return "".join(character for character in description if " " <= character <= "~" and character not in '"\\')
