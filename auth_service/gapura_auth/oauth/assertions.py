"""JWTs with which clients prove who they are (RFC 7521, RFC 7523, section 2.2; OpenID Connect Core, section 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gapura.jose import CompactJws, InvalidJwsError, JoseError, VerificationKey, parse_compact, verify_signature
from gapura_auth.oauth.clients import Client
from gapura_chassis.clock import Clock, Timestamp

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# an assertion is made for one request; clocks of honest clients are wrong by seconds, not minutes
LONGEST_LIFE = 3600
CLOCK_SKEW = 30
LONGEST_JTI = 256
MOST_AUDIENCES = 10

#: What FAPI 2.0, section 5.4.1 allows.
FAPI_ALGORITHMS = frozenset({"PS256", "ES256", "EdDSA", "Ed25519"})

_TYPES = frozenset({None, "jwt", "client-authentication+jwt"})
_KIND = "client assertion"


class BadAssertion(Exception):
    """The assertion proves nothing; the text is for our log, not for the client."""


class UsedIdentifiers(Protocol):
    """Remembers what may be used only once, in all processes."""

    def first_use(self, kind: str, text: str, expires_at: Timestamp, now: Timestamp) -> bool:
        """Note a use; False when this text was used before for the same kind of thing.

        It is remembered until `expires_at`: after that, whatever the text stands in must be refused as expired.
        """


class VerificationKeys(Protocol):
    """Where the public keys of clients are found."""

    def candidates(self, client: Client, jws: CompactJws, algorithm: str | None) -> Sequence[VerificationKey]:
        """Return the client's keys that may have made this signature.

        `algorithm` is what the client has registered for this kind of JWT.
        """


@dataclass(frozen=True, slots=True)
class AssertionVerifier:
    """Tells whether an assertion comes from the client, is meant for us, and was not used before."""

    issuer: str
    #: addresses of ours that an assertion may be meant for instead of the issuer, where the client's rules allow it
    endpoints: frozenset[str]
    keys: VerificationKeys
    used: UsedIdentifiers
    clock: Clock

    def verify(self, client: Client, assertion: str) -> Mapping[str, object]:
        """Return the claims of a good assertion; it is used up.

        Raises:
            BadAssertion: when it is not good.

        """
        now = self.clock()
        jws = _parsed(assertion)
        self._verify_signature(client, jws)
        claims = _claims(jws)
        if claims.get("iss") != client.id or claims.get("sub") != client.id:
            raise BadAssertion("The assertion speaks for somebody else.")
        self._check_audience(client, claims.get("aud"))
        expires_at = _check_times(claims, now)
        self._use(client, claims.get("jti"), expires_at, now)
        return claims

    def _verify_signature(self, client: Client, jws: CompactJws) -> None:
        if client.rules.assertion_audience == "issuer" and jws.header.alg not in FAPI_ALGORITHMS:
            raise BadAssertion("The assertion is signed with an algorithm that FAPI 2.0 forbids.")
        registered = client.algorithms.assertion
        if registered is not None and jws.header.alg != registered:
            raise BadAssertion("The assertion is signed with another algorithm than the registered one.")
        if not any(_is_signed_with(key, jws) for key in self.keys.candidates(client, jws, registered)):
            raise BadAssertion("The assertion is signed with none of the client's keys.")

    def _check_audience(self, client: Client, audience: object) -> None:
        """Refuse an assertion that somebody else could have received too, and could now be using (RFC 7523, 3)."""
        if client.rules.assertion_audience == "issuer":
            # FAPI 2.0, section 5.3.2.1: the issuer as a string, nothing else
            if audience != self.issuer:
                raise BadAssertion("The assertion's audience is not the issuer.")
            return
        audiences = audience if isinstance(audience, list) else [audience]
        accepted = {self.issuer, *self.endpoints}
        if not 0 < len(audiences) <= MOST_AUDIENCES or not all(
            isinstance(one, str) and one in accepted for one in audiences
        ):
            raise BadAssertion("The assertion is meant for somebody else, or not only for us.")

    def _use(self, client: Client, jti: object, expires_at: Timestamp, now: Timestamp) -> None:
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
            raise BadAssertion("The assertion has no jti, or a very long one.")
        if not self.used.first_use(_KIND, f"{client.id} {jti}", expires_at + CLOCK_SKEW, now):
            raise BadAssertion("The assertion was used before.")


def client_id_in(assertion: str) -> str:
    """Return the client that an assertion claims to speak for; nothing is verified yet.

    Raises:
        BadAssertion: when it names none.

    """
    subject = _claims(_parsed(assertion)).get("sub")
    if not isinstance(subject, str) or not subject:
        raise BadAssertion("The assertion names no client.")
    return subject


def _parsed(assertion: str) -> CompactJws:
    try:
        jws = parse_compact(assertion)
    except InvalidJwsError as error:
        raise BadAssertion(str(error)) from None
    if jws.header.typ not in _TYPES:
        raise BadAssertion("This is a token of another type.")
    return jws


def _claims(jws: CompactJws) -> dict[str, object]:
    try:
        return jws.claims()
    except InvalidJwsError as error:
        raise BadAssertion(str(error)) from None


def _is_signed_with(key: VerificationKey, jws: CompactJws) -> bool:
    try:
        verify_signature(jws, key)
    except JoseError:
        return False
    return True


def _check_times(claims: Mapping[str, object], now: Timestamp) -> Timestamp:
    expires_at = _time(claims, "exp")
    if expires_at is None or expires_at <= now - CLOCK_SKEW or expires_at > now + LONGEST_LIFE + CLOCK_SKEW:
        raise BadAssertion("The assertion has expired, or is good for too long.")
    for name in ("iat", "nbf"):
        begins = _time(claims, name)
        if begins is not None and begins > now + CLOCK_SKEW:
            raise BadAssertion("The assertion is from the future.")
    return expires_at


def _time(claims: Mapping[str, object], name: str) -> Timestamp | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadAssertion(f"The assertion's {name} is not a number.")
    return value  # as it is: a huge integer has no float
