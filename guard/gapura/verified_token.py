from typing import NamedTuple

from gapura.errors import RevocationsUnavailableError
from gapura.issuers import Issuer
from gapura.jose import VerificationKey
from gapura.revocation import StatusReference
from gapura.token import AccessToken


class VerifiedToken(NamedTuple):
    """A token whose signature was verified, with the key and the issuer that it stands and falls with."""

    token: AccessToken
    issuer: Issuer
    key: VerificationKey
    status: StatusReference | None
    thumbprint: str | None

    def still_holds(self, now: float) -> bool:
        """Tell whether it has not expired and its key is still published."""
        if now >= self.token.expires_at:
            return False
        published = self.issuer.keys.find(self.key.kid)
        return published is self.key or published == self.key

    def check_revocation(self, now: float, *, fresh: bool) -> None:
        """Raise a `GuardError` when it was revoked, or when that cannot be told as freshly as demanded."""
        if self.status is not None and self.issuer.revocations is not None:
            self.issuer.revocations.check(self.status, now=now, fresh=fresh)
        elif fresh and self.issuer.revocations is None:
            raise RevocationsUnavailableError
