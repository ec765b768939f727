from gapura.errors import GuardError, InsufficientAuthenticationError, InvalidTokenError

FRESH_FOR = 900
"""How many seconds after its login a token without a `fresh` claim counts as fresh."""


class FreshTokenRequiredError(InsufficientAuthenticationError):
    """The view wants a token that was made at a login, not by a refresh."""

    code = "fresh_token_required"
    sentence = "Fresh token required"

    def __init__(self) -> None:
        super().__init__(max_age=FRESH_FOR)


class UserLookupError(InvalidTokenError):
    """The loader knows nobody of this name."""

    code = "user_lookup_failed"


class ClaimsVerificationError(GuardError):
    """The application's own check of the claims failed."""

    code = "claims_verification_failed"
    status = 400
    error = "invalid_request"
    sentence = "User claims verification failed"
