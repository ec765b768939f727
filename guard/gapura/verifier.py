import time
from collections.abc import Callable, Mapping, Sequence

from gapura.checks import Check
from gapura.claims import optional_text, optional_time, read_access_token
from gapura.clock import Clock
from gapura.dpop import DpopVerifier, Possession
from gapura.errors import ConfigurationError, ExpiredTokenError, InvalidTokenError
from gapura.issuers import Issuer, SharedSecretIssuer, TrustedIssuer
from gapura.jose import CompactJws, JoseError, JwsHeader, VerificationKey, parse_compact, verify_signature
from gapura.keys.remote import RemoteKeySet
from gapura.keys.status import KeySetStatus
from gapura.possession import check_possession, read_confirmation
from gapura.revocation import RevocationStatus, read_reference
from gapura.token import AccessToken
from gapura.token_cache import TokenCache
from gapura.verified_token import VerifiedToken

Observer = Callable[[Check], object]
DEFAULT_LEEWAY = 10.0
DEFAULT_CACHE_SIZE = 4096


def _nobody_watches(_check: Check) -> None:
    """Watch the checks of a token without noting them down."""


class Verifier:
    """Turns the text of a token into an `AccessToken`, or raises a `GuardError`.

    `leeway` is how many seconds an issuer's clock may be ahead of ours, for `iat` and `nbf`. `exp` gets none: a token
    is short-lived, and is refused from its last second on. A token seen before costs two look-ups in memory.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        *,
        clock: Clock = time.time,
        leeway: float = DEFAULT_LEEWAY,
        cache_size: int = DEFAULT_CACHE_SIZE,
        dpop: DpopVerifier | None = None,
    ) -> None:
        self.issuers = tuple(issuers)
        self._trusted = {issuer.issuer: issuer for issuer in issuers if isinstance(issuer, TrustedIssuer)}
        self._shared = {issuer.issuer: issuer for issuer in issuers if isinstance(issuer, SharedSecretIssuer)}
        self._now = clock
        self._leeway = leeway
        self._dpop = dpop or DpopVerifier()
        self._cache = TokenCache[VerifiedToken](cache_size)
        self._check_configuration()

    def verify(self, token: str, *, fresh: bool = False, possession: Possession | None = None) -> AccessToken:
        """Verify a token against RFC 9068 section 4 (or the compatibility profile), or raise a `GuardError`.

        With `fresh`, a token is refused (503) while revocations are not known up to date. `possession` is the DPoP
        proof that came with the token: one that is bound to a key is never accepted without (RFC 9449 section 7).
        """
        now = self._now()
        verified = self._cache.get(token)
        if verified is None or not verified.still_holds(now):
            self._cache.forget(token)
            verified = self.examine(token, now)
            self._cache.put(token, verified)
        verified.check_revocation(now, fresh=fresh)
        if verified.thumbprint is not None or possession is not None:
            check_possession(verified.thumbprint, token, possession, self._dpop, now=now)
        return verified.token

    def check_fresh(self, token: str) -> None:
        """Refuse a token that was just verified if it was revoked since, or (503) if that cannot be told up to date."""
        now = self._now()
        verified = self._cache.get(token) or self.examine(token, now)
        verified.check_revocation(now, fresh=True)

    def knows(self, token: str) -> bool:
        """Tell whether a token was verified before, so that verifying it again takes no time."""
        return self._cache.get(token) is not None

    def key_statuses(self) -> tuple[KeySetStatus, ...]:
        """Say how well each issuer's fetched keys are known, for /readyz and metrics."""
        sources = (issuer.keys for issuer in self.issuers)
        return tuple(keys.status() for keys in sources if isinstance(keys, RemoteKeySet))

    def revocation_statuses(self) -> tuple[RevocationStatus, ...]:
        """Say how well each issuer's revocations are known, for /readyz and metrics."""
        return tuple(issuer.revocations.status() for issuer in self.issuers if issuer.revocations is not None)

    def examine(self, token: str, now: float, begin: Observer = _nobody_watches) -> VerifiedToken:
        """Make every check from the start, calling `begin` before each; the last one begun is the one that failed."""
        try:
            return self._examine(token, now, begin)
        except JoseError as error:
            raise InvalidTokenError(str(error)) from None

    def _examine(self, token: str, now: float, begin: Observer) -> VerifiedToken:
        begin(Check.FORM)
        jws = parse_compact(token)
        begin(Check.CLAIMS)
        claims = jws.claims()
        begin(Check.ISSUER)
        issuer = self._choose_issuer(jws.header, claims)
        begin(Check.TYPE)
        issuer.check_type(jws.header)
        key = _verify_origin(jws, issuer, begin)
        begin(Check.TYPES)
        access_token = read_access_token(claims)
        begin(Check.AUDIENCE)
        issuer.check_claims(access_token)
        begin(Check.TIME)
        self._check_times(access_token, now)
        return VerifiedToken(access_token, issuer, key, read_reference(claims), read_confirmation(claims))

    def _choose_issuer(self, header: JwsHeader, claims: Mapping[str, object]) -> Issuer:
        # Both maps may know the same issuer while a team moves from a shared secret to keys. The header only chooses
        # between them: each accepts its own kind of key and nothing else.
        name = optional_text(claims, "iss")
        shared = self._shared.get(name) or (next(iter(self._shared.values()), None) if name is None else None)
        issuer = shared if header.alg == "HS256" else self._trusted.get(name or "")
        if issuer is None:
            raise InvalidTokenError("The token is from an issuer that is not trusted here.")
        return issuer

    def _check_times(self, token: AccessToken, now: float) -> None:
        if now >= token.expires_at:
            raise ExpiredTokenError
        not_before = optional_time(token.claims, "nbf") or 0
        if max(token.issued_at, not_before) > now + self._leeway:
            raise InvalidTokenError("The token is not valid yet.")

    def _check_configuration(self) -> None:
        if not self.issuers:
            raise ConfigurationError("A verifier needs at least one issuer to trust.")
        if len(self._trusted) + len(self._shared) != len(self.issuers):
            raise ConfigurationError("The same issuer is configured twice.")


def _verify_origin(jws: CompactJws, issuer: Issuer, begin: Observer) -> VerificationKey:
    begin(Check.KEY)
    key = issuer.keys.find(jws.header.kid)
    if key is None or key.is_symmetric is not isinstance(issuer, SharedSecretIssuer):
        raise InvalidTokenError("The token is signed with a key that its issuer does not publish.")
    begin(Check.SIGNATURE)
    verify_signature(jws, key)
    return key
