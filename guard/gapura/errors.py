"""Everything that the guard refuses, as one family of errors; `gapura.refusal` writes them to HTTP in one place."""

from collections.abc import Collection, Mapping
from typing import ClassVar


class ConfigurationError(Exception):
    """A guard that must not start, with a sentence that says what to do about it."""


class GuardError(Exception):
    """A refusal.

    `code` is stable, for programs and logs; `str(error)` is one English sentence for people; `status` is the HTTP
    status; `error` is the OAuth error code of RFC 6750 section 3.1, or None where the RFC wants none.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 401
    error: ClassVar[str | None] = "invalid_token"
    sentence: ClassVar[str] = "The token is not valid."
    scheme: ClassVar[str] = "Bearer"
    retry_after: int | None = None

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)

    @property
    def challenge(self) -> Mapping[str, str]:
        """Parameters for `WWW-Authenticate` beside `error` and `error_description`."""
        return {}

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer beside `WWW-Authenticate`."""
        return {}


class MissingTokenError(GuardError):
    """No credentials at all: RFC 6750 section 3 wants no error code then."""

    code = "missing_token"
    error = None
    sentence = "Missing Authorization Header"


class MalformedRequestError(GuardError):
    """An Authorization header that holds no single token (RFC 6750 section 3.1)."""

    code = "malformed_request"
    status = 400
    error = "invalid_request"
    sentence = "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"


class InvalidTokenError(GuardError):
    """A token that is not ours, not for us, or not in form (RFC 6750 section 3.1)."""

    code = "invalid_token"


class ExpiredTokenError(InvalidTokenError):
    """A token that was good once; the caller should get a new one."""

    code = "expired_token"
    sentence = "Token has expired"


class RevokedTokenError(InvalidTokenError):
    """A token whose session was ended."""

    code = "revoked_token"
    sentence = "Token has been revoked"


class InsufficientScopeError(GuardError):
    """A good token that may not do this (RFC 6750 section 3.1)."""

    code = "insufficient_scope"
    status = 403
    error = "insufficient_scope"

    def __init__(self, scopes: Collection[str], *, any_of: bool = False) -> None:
        self.scopes = tuple(sorted(scopes))
        super().__init__(f"This needs {'one of the scopes' if any_of else 'the scope'} {' '.join(self.scopes)}.")

    @property
    def challenge(self) -> Mapping[str, str]:
        """The `scope` that is needed."""
        return {"scope": " ".join(self.scopes)}


class InsufficientAuthenticationError(GuardError):
    """The person must log in again, more recently or more strongly (RFC 9470 section 3)."""

    code = "insufficient_user_authentication"
    error = "insufficient_user_authentication"
    sentence = "This needs a more recent or a stronger login."

    def __init__(self, *, max_age: int | None = None, acr: Collection[str] = ()) -> None:
        self.max_age = max_age
        self.acr = tuple(acr)
        super().__init__()

    @property
    def challenge(self) -> Mapping[str, str]:
        """The `max_age` and `acr_values` to ask the authorization server for."""
        parameters = {"acr_values": " ".join(self.acr)} if self.acr else {}
        return parameters | ({"max_age": str(self.max_age)} if self.max_age is not None else {})


class KeysUnavailableError(GuardError):
    """The token may be good, but there are no keys yet to tell with."""

    code = "keys_unavailable"
    status = 503
    error = None
    sentence = "The keys that verify tokens are not available yet. Please try again."
    retry_after = 1


class RevocationsUnavailableError(GuardError):
    """The route demands up-to-date revocations, and they cannot be had at the moment."""

    code = "revocations_unavailable"
    status = 503
    error = None
    sentence = "Whether this token was revoked cannot be told at the moment. Please try again."
    retry_after = 1


class BoundTokenError(InvalidTokenError):
    """A token that was sent as Bearer although it is bound to a key, or the other way round (RFC 9449 section 7)."""

    code = "bound_token"
    scheme = "DPoP"


class InvalidDpopProofError(GuardError):
    """A proof that does not prove what it should (RFC 9449 section 4.3)."""

    code = "invalid_dpop_proof"
    error = "invalid_dpop_proof"
    scheme = "DPoP"


class UseDpopNonceError(GuardError):
    """A proof without the nonce that is demanded here; the answer carries one (RFC 9449 section 9)."""

    code = "use_dpop_nonce"
    error = "use_dpop_nonce"
    scheme = "DPoP"

    def __init__(self, nonce: str) -> None:
        self.nonce = nonce
        super().__init__("This needs a DPoP proof with the nonce in the DPoP-Nonce header.")

    @property
    def headers(self) -> Mapping[str, str]:
        """The nonce to use."""
        return {"DPoP-Nonce": self.nonce}


class TooManyProofsError(GuardError):
    """More proofs are in use than can be remembered, so that none can be told to be new."""

    code = "too_many_proofs"
    status = 503
    error = None
    sentence = "There are too many requests with DPoP proofs at the moment. Please try again."
    retry_after = 5
