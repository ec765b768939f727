"""Refresh tokens: opaque, rotated at every use, one family per session.

A repeated refresh within a short grace gets the *same* successor again: an honest client that lost the answer, or fired
twice, is not logged out. Any other reuse means that somebody else holds a copy, and ends the session (RFC 9700,
section 4.14.2). Only the immediate predecessor counts: once the successor has been used, the old token is a stolen one.
"""

from dataclasses import dataclass

from gapura_auth.credentials import digest_of, new_token, open_under, seal_under
from gapura_auth.oauth.grants import BEARER, Grant, KeyBinding
from gapura_auth.oauth.ports import RefreshTokenStore, StoredRefreshToken, Successor
from gapura_chassis.clock import Timestamp

PREFIX = "gpr_rt"
_SEALED_FOR = b"refresh token successor"


@dataclass(frozen=True, slots=True)
class Refused:
    """The token is not good: unknown, expired, ended, somebody else's, or used a second time."""

    #: the session that was ended because its token was used a second time
    reused_session: str | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A good refresh: what it stands for, and the refresh token to use next time."""

    grant: Grant
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Presenter:
    """Who shows a refresh token, and with which key."""

    client_id: str
    binding: KeyBinding = BEARER
    #: whether it has proved its identity otherwise, so that it may change its key (RFC 9449, section 5)
    is_authenticated: bool = True

    def may_use(self, token: StoredRefreshToken) -> bool:
        """Whether the token is the presenter's: a stolen one is of no use to another client, or without the key."""
        return token.client_id == self.client_id and (token.binding.is_bearer or self._holds(token.binding))

    def _holds(self, bound: KeyBinding) -> bool:
        if not self.is_authenticated:
            return self.binding == bound
        without_key = bound.jkt is not None and self.binding.jkt is None
        without_certificate = bound.x5t_s256 is not None and self.binding.x5t_s256 is None
        return not without_key and not without_certificate


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
    store.add(token.digest, session_id, policy.expiry(now, ends_at), now)
    return token.text


def refresh(
    store: RefreshTokenStore, policy: RefreshPolicy, text: str, presenter: Presenter, now: Timestamp
) -> Refreshed | Refused:
    """Use a refresh token; a refusal is a value, because what it did to the session is to be kept.

    Args:
        store: the refresh tokens, within the caller's transaction.
        policy: lifetimes.
        text: what the client sent.
        presenter: who sent it; another client's token is refused, and not used up.
        now: the time.

    """
    stored = find_refresh_token(store, text, now)
    if stored is None or not presenter.may_use(stored):
        return Refused()
    grant = store.live_grant(stored.session_id, now)
    if grant is None:
        return Refused()
    token = new_token(PREFIX)
    sealed = seal_under(text.encode(), token.text.encode(), _SEALED_FOR)
    if store.consume(stored, Successor(token.digest, policy.expiry(now, grant.ends_at), sealed), now):
        return Refreshed(grant, token.text)
    return _repeated(store, policy, text, grant, now) or _reused(store, stored.session_id, now)


def find_refresh_token(store: RefreshTokenStore, text: str, now: Timestamp) -> StoredRefreshToken | None:
    """Return the token that a client sent, used or not, unless it has expired; garbage costs no query."""
    digest = digest_of(text, prefix=PREFIX)
    stored = store.find(digest) if digest is not None else None
    return stored if stored is not None and now < stored.expires_at else None


def _repeated(
    store: RefreshTokenStore, policy: RefreshPolicy, text: str, grant: Grant, now: Timestamp
) -> Refreshed | None:
    used = find_refresh_token(store, text, now)
    if used is None or used.successor_sealed is None or not _is_within_grace(used, policy, now):
        return None
    return Refreshed(grant, open_under(text.encode(), used.successor_sealed, _SEALED_FOR).decode())


def _reused(store: RefreshTokenStore, session_id: str, now: Timestamp) -> Refused:
    store.end_session(session_id, now, "refresh token reused")
    return Refused(reused_session=session_id)


def _is_within_grace(used: StoredRefreshToken, policy: RefreshPolicy, now: Timestamp) -> bool:
    return used.consumed_at is not None and now - used.consumed_at <= policy.grace and not used.successor_consumed
