"""Logout tokens: our word to a client that a session has ended (OpenID Connect Back-Channel Logout 1.0, section 2.4).

Also what becomes of one on its way: delivered, refused for good, or to be tried again later, and when.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from gapura_auth.oauth.id_tokens import AlgorithmSigner
from gapura_auth.oauth.outbound import OutboundRequest
from gapura_chassis.clock import Clock, Timestamp

LOGOUT_TOKEN_TYPE = "logout+jwt"  # noqa: S105 -- a media type
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds; section 2.4 recommends two minutes at most. Every attempt gets a token of its own.
LIFETIME = 120

#: Section 2.8: 200 says that the person is logged out, and frameworks answer 204 where there is nothing to say.
DELIVERED = frozenset({200, 204})
REFUSED = 400
#: No client has anything to say that we would read.
MOST_ANSWER_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class LogoutTokenIssuer:
    """Issues logout tokens."""

    issuer: str
    signer: AlgorithmSigner
    clock: Clock
    new_id: Callable[[], str]

    def issue(self, *, subject: str, client_id: str, session_id: str, algorithm: str) -> str:
        """Return a signed token; it has no `nonce`, so that nobody can take it for an ID token."""
        now = int(self.clock())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "sub": subject,
            "aud": client_id,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": self.new_id(),
            "sid": session_id,
            "events": {LOGOUT_EVENT: {}},
        }
        return self.signer.sign_with(algorithm, claims, typ=LOGOUT_TOKEN_TYPE)


def logout_request(address: str, token: str) -> OutboundRequest:
    """Return the request that brings a token to a client (section 2.5)."""
    return OutboundRequest(
        url=address,
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode({"logout_token": token}).encode(),
        max_bytes=MOST_ANSWER_BYTES,
    )


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a token is sent again that did not arrive; all in seconds."""

    first: float = 2.0
    longest: float = 15 * 60.0
    give_up_after: float = 6 * 3600.0

    def next_attempt(self, attempts: int, created_at: Timestamp, now: Timestamp, jitter: float) -> Timestamp | None:
        """Return when to try again after so many attempts; None when it is not worth it any more.

        The wait doubles each time. `jitter` is between 0 and 1 and takes off up to half of it, so that what failed
        together is not tried again together.
        """
        wait = min(self.first * 2.0 ** min(attempts - 1, 32), self.longest)
        then = now + wait * (1 - jitter / 2)
        return then if then <= created_at + self.give_up_after else None
