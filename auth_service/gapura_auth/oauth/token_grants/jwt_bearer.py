"""The JWT bearer grant (RFC 7523, section 2.1): somebody whom the operator trusts vouches for a person.

Who may vouch, to which clients, and for which scopes at most, is said by the operator and by nobody else: an assertion
stands for a person who is not there to be asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gapura.claims import optional_time, required_text, required_time
from gapura.errors import InvalidTokenError
from gapura.jose import CompactJws, JoseError, VerificationKey, parse_compact, verify_signature
from gapura_auth.oauth.assertions import UsedIdentifiers
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.errors import InvalidGrant
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.ports import Transactions
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_auth.oauth.vocabulary import IDENTITY_SCOPES
from gapura_chassis.clock import Clock, Timestamp

LONGEST_LIFE = 3600
CLOCK_SKEW = 30
LONGEST_JTI = 256

_TYPES = frozenset({None, "jwt"})
_KIND = "jwt bearer assertion"
NOT_GOOD = "The assertion is not good."


@dataclass(frozen=True, slots=True)
class AssertionIssuer:
    """Somebody whose word about people is taken."""

    issuer: str
    keys: tuple[VerificationKey, ...]
    #: the clients that may bring its assertions
    clients: frozenset[str]
    #: the most that they get
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Assertion:
    """What a good assertion says."""

    subject: str
    issued_at: Timestamp
    expires_at: Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtBearerGrant:
    """Exchanges assertions, each once; the session that begins lives no longer than the assertion or one token."""

    #: what an assertion must be meant for: our issuer, or the token endpoint (RFC 7523, section 3)
    audiences: frozenset[str]
    issuers: Mapping[str, AssertionIssuer]
    used: UsedIdentifiers
    transactions: Transactions
    grants: PersonsGrants
    session_seconds: float
    clock: Clock
    new_id: Callable[[], str]

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Use the assertion up; there is no refresh token, the client can bring another one (RFC 7521, section 4.1)."""
        now = self.clock()
        try:
            issuer, assertion = self._verified(exchange, now)
        except (JoseError, InvalidTokenError):
            raise InvalidGrant(NOT_GOOD) from None
        if self.grants.people.find(assertion.subject) is None:
            raise InvalidGrant(NOT_GOOD)
        session = self._session(exchange, issuer, assertion, now)
        with self.transactions.write() as transaction:
            transaction.sessions.begin(session, now)
            granted = transaction.refresh_tokens.live_grant(session.id, now)
            grant = self.grants.fitted(granted, exchange) if granted is not None else None
        if grant is None:
            raise InvalidGrant(NOT_GOOD)
        return Redeemed(grant=grant)

    def _verified(self, exchange: Exchange, now: Timestamp) -> tuple[AssertionIssuer, _Assertion]:
        jws = parse_compact(exchange.parameters.require("assertion"))
        claims = jws.claims()
        issuer = self.issuers.get(required_text(claims, "iss"))
        if issuer is None or exchange.client.id not in issuer.clients or jws.header.typ not in _TYPES:
            raise InvalidGrant(NOT_GOOD)
        _verify_signature(jws, issuer)
        self._check_audience(claims.get("aud"))
        assertion = _read(claims, now)
        self._use(issuer, required_text(claims, "jti"), assertion.expires_at, now)
        return issuer, assertion

    def _check_audience(self, audience: object) -> None:
        """Refuse an assertion that somebody else could have received too, and could now be using."""
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or not all(isinstance(one, str) and one in self.audiences for one in audiences):
            raise InvalidGrant("The assertion is meant for somebody else, or not only for us.")

    def _use(self, issuer: AssertionIssuer, jti: str, expires_at: Timestamp, now: Timestamp) -> None:
        text = f"{issuer.issuer} {jti}"
        if len(jti) > LONGEST_JTI or not self.used.first_use(_KIND, text, expires_at + CLOCK_SKEW, now):
            raise InvalidGrant("The assertion was used before.")

    def _session(
        self, exchange: Exchange, issuer: AssertionIssuer, assertion: _Assertion, now: Timestamp
    ) -> AuthorizedSession:
        granted = GrantedAuthorization(
            scopes=issuer.scopes - IDENTITY_SCOPES,
            login=LoginEvent(assertion.issued_at),
            binding=exchange.binding,
        )
        return AuthorizedSession(
            id=self.new_id(),
            account_id=assertion.subject,
            client_id=exchange.client.id,
            browser_session_id=None,
            granted=granted,
            address="",
            user_agent="",
            expires_at=min(assertion.expires_at, now + self.session_seconds),
        )


def _verify_signature(jws: CompactJws, issuer: AssertionIssuer) -> None:
    for key in issuer.keys:
        if key.permits(jws.header.alg) and jws.header.kid in {None, key.kid}:
            verify_signature(jws, key)
            return
    raise InvalidGrant(NOT_GOOD)


def _read(claims: Mapping[str, object], now: Timestamp) -> _Assertion:
    """Return what the assertion says about whom; it is made for one request, minutes and not days ago."""
    issued_at, expires_at = required_time(claims, "iat"), required_time(claims, "exp")
    begins = max(issued_at, optional_time(claims, "nbf") or 0)
    if not begins - CLOCK_SKEW <= now < expires_at <= now + LONGEST_LIFE:
        raise InvalidGrant("The assertion has expired, is not good yet, or lives too long.")
    return _Assertion(required_text(claims, "sub"), issued_at, expires_at)
