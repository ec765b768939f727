"""Access tokens: JWTs after RFC 9068."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gapura_auth.oauth.grants import Grant
from gapura_auth.oauth.ports import Signer
from gapura_chassis.clock import Clock, Timestamp

ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105 -- a media type (RFC 9068, section 2.1)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An issued access token with what its receiver is told beside it (RFC 6749, section 5.1)."""

    text: str
    expires_in: int
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccessTokenIssuer:
    """Issues access tokens for grants.

    `profile` is `standard`, or `shared_secret` for tokens that services written with Flask-JWT-Extended accept: they
    look for the claims `type` and `fresh`.
    """

    issuer: str
    lifetime: int
    signer: Signer
    clock: Clock
    new_id: Callable[[], str]
    profile: Literal["standard", "shared_secret"] = "standard"

    def issue(self, grant: Grant) -> AccessToken:
        """Return a new access token for the grant; it never outlives the session."""
        now = self.clock()
        lifetime = int(max(1, min(self.lifetime, grant.ends_at - now)))
        claims = _claims(grant, issuer=self.issuer, now=now, lifetime=lifetime, token_id=self.new_id())
        if self.profile == "shared_secret":
            fresh = grant.login is not None and now - grant.login.at < self.lifetime
            claims |= {"type": "access", "fresh": fresh, "nbf": int(now)}
        return AccessToken(self.signer.sign(claims, typ=ACCESS_TOKEN_TYPE), lifetime, grant.scopes)


def _claims(grant: Grant, *, issuer: str, now: Timestamp, lifetime: int, token_id: str) -> dict[str, object]:
    audience = grant.audience
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": grant.subject,
        "aud": audience[0] if len(audience) == 1 else list(audience),
        "client_id": grant.client_id,
        "scope": " ".join(sorted(grant.scopes)),
        "iat": int(now),
        "exp": int(now) + lifetime,
        "jti": token_id,
    }
    return claims | _claims_of_person(grant) | _claims_of_use(grant)


def _claims_of_person(grant: Grant) -> dict[str, object]:
    claims: dict[str, object | None] = {"preferred_username": grant.username, "sid": grant.session_id}
    if grant.login is not None:
        claims |= {"auth_time": int(grant.login.at), "acr": grant.login.acr, "amr": list(grant.login.amr) or None}
    return {name: value for name, value in claims.items() if value is not None}


def _claims_of_use(grant: Grant) -> dict[str, object]:
    """Say with which key the token is used, by whom, and where to see whether it still is good."""
    claims: dict[str, object] = {}
    if confirmation := grant.binding.confirmation():
        claims["cnf"] = confirmation
    if grant.actor is not None:
        claims["act"] = dict(grant.actor)
    if grant.status is not None:
        claims["status"] = {"status_list": {"idx": grant.status.index, "uri": grant.status.uri}}
    return claims
