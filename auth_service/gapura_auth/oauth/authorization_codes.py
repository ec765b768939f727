"""Authorization codes: opaque, good for one minute and one use (RFC 6749, section 4.1.2).

A code stands for a session that begins when the code is issued: whoever presents it a second time ends that session,
and with it every token that came of it (section 4.1.2; RFC 9700, section 4.2.4).
"""

from dataclasses import dataclass
from typing import Protocol

from gapura_auth.credentials import digest_of, new_token
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_chassis.clock import Timestamp

PREFIX = "gpr_ac"
LIFETIME_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCode:
    """What is kept of a code: never the code itself, and what its exchange must agree with."""

    digest: bytes
    client_id: str
    session_id: str
    expires_at: Timestamp
    #: as the authorization request had it; None where it left it out, and the exchange may as well
    redirect_uri: str | None = None
    #: PKCE with S256 (RFC 7636); None means that a verifier at the exchange is a mistake or an attack
    code_challenge: str | None = None
    #: thumbprint of the only DPoP key that may exchange the code (RFC 9449, section 10)
    dpop_jkt: str | None = None


@dataclass(frozen=True, slots=True)
class AlreadyUsed:
    """The code was exchanged before: somebody has a copy of it."""

    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizedSession:
    """The session that an authorization begins: its tokens are made from what was granted."""

    id: str
    account_id: str
    client_id: str
    #: the login in a browser that it comes from, and ends with; None for a session on another device
    browser_session_id: str | None
    granted: GrantedAuthorization
    address: str
    user_agent: str
    expires_at: Timestamp


class AuthorizationCodeStore(Protocol):
    """The codes, within one transaction."""

    def add(self, code: StoredCode, session: AuthorizedSession, now: Timestamp) -> None:
        """Keep a new code and begin its session."""

    def consume(self, digest: bytes, now: Timestamp) -> StoredCode | AlreadyUsed | None:
        """Use a code up, in one statement; None where it is unknown or expired, or its session has ended."""

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and every token of it."""


def issue_code(store: AuthorizationCodeStore, session: AuthorizedSession, bound: "CodeBinding", now: Timestamp) -> str:
    """Begin the session and return the code that stands for it."""
    token = new_token(PREFIX)
    code = StoredCode(
        digest=token.digest,
        client_id=session.client_id,
        session_id=session.id,
        expires_at=now + LIFETIME_SECONDS,
        redirect_uri=bound.redirect_uri,
        code_challenge=bound.code_challenge,
        dpop_jkt=bound.dpop_jkt,
    )
    store.add(code, session, now)
    return token.text


def use_code(store: AuthorizationCodeStore, text: str, now: Timestamp) -> StoredCode | AlreadyUsed | None:
    """Use up the code that a client sent, before anything else of the exchange is looked at.

    A refusal is a value and not an exception, because the end of the session is to be kept: the caller commits the
    transaction whatever comes of it, and only then refuses.
    """
    digest = digest_of(text, prefix=PREFIX)
    outcome = store.consume(digest, now) if digest is not None else None
    if isinstance(outcome, AlreadyUsed):
        store.end_session(outcome.session_id, now, "authorization code reused")
    return outcome


@dataclass(frozen=True, slots=True)
class CodeBinding:
    """What the exchange of a code must agree with; see `StoredCode`."""

    redirect_uri: str | None = None
    code_challenge: str | None = None
    dpop_jkt: str | None = None
