"""Refresh tokens: opaque, rotated at every use, one family per session.

A repeated refresh within a short grace gets the *same* successor again: an honest client that lost the answer, or fired
twice, is not logged out. Any other reuse means that somebody else holds a copy, and ends the session (RFC 9700,
section 4.14.2). Only the immediate predecessor counts: once the successor has been used, the old token is a stolen one.
"""

from dataclasses import dataclass

from gapura_auth.credentials import digest_of, new_token, open_under, seal_under
from gapura_auth.oauth.grants import Grant
from gapura_auth.oauth.ports import RefreshTokenStore, StoredRefreshToken
from gapura_chassis.clock import Timestamp

PREFIX = "gpr_rt"
_SEALED_FOR = b"refresh token successor"


@dataclass(frozen=True, slots=True)
class Refused:
    """The token is not good: unknown, expired, ended, or used a second time."""

    #: the session that was ended because its token was used a second time
    reused_session: str | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A good refresh: what it stands for, and the refresh token to use next time."""

    grant: Grant
    refresh_token: str


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    """Lifetimes, in seconds."""

    lifetime: int
    grace: int

    def expiry(self, now: Timestamp, session_ends_at: Timestamp) -> Timestamp:
        """Return when a token that is issued now expires: with its session at the latest."""
        return min(now + self.lifetime, session_ends_at)


def issue_refresh_token(
    store: RefreshTokenStore, policy: RefreshPolicy, session_id: str, ends_at: Timestamp, now: Timestamp
) -> str:
    """Return the first refresh token of a session."""
    token = new_token(PREFIX)
    store.add(_stored(token.digest, session_id, policy.expiry(now, ends_at)), now)
    return token.text


def refresh(store: RefreshTokenStore, policy: RefreshPolicy, text: str, now: Timestamp) -> Refreshed | Refused:
    """Use a refresh token; a refusal is a value, because what it did to the session is to be kept.

    Args:
        store: the refresh tokens, within the caller's transaction.
        policy: lifetimes.
        text: what the client sent.
        now: the time.

    """
    digest = digest_of(text, prefix=PREFIX)
    stored = store.find(digest) if digest is not None else None
    if digest is None or stored is None or now >= stored.expires_at:
        return Refused()
    grant = store.live_grant(stored.session_id, now)
    if grant is None:
        return Refused()
    successor = new_token(PREFIX)
    kept = _stored(successor.digest, stored.session_id, policy.expiry(now, grant.ends_at))
    sealed = seal_under(text.encode(), successor.text.encode(), _SEALED_FOR)
    if store.consume(digest, kept, sealed, now):
        return Refreshed(grant, successor.text)
    used = store.find(digest) or stored
    if _is_within_grace(used, policy, now) and used.successor_sealed is not None:
        return Refreshed(grant, open_under(text.encode(), used.successor_sealed, _SEALED_FOR).decode())
    store.end_session(stored.session_id, now, "refresh token reused")
    return Refused(reused_session=stored.session_id)


def _is_within_grace(used: StoredRefreshToken, policy: RefreshPolicy, now: Timestamp) -> bool:
    return used.consumed_at is not None and now - used.consumed_at <= policy.grace and not used.successor_consumed


def _stored(digest: bytes, session_id: str, expires_at: Timestamp) -> StoredRefreshToken:
    return StoredRefreshToken(digest=digest, session_id=session_id, expires_at=expires_at)
