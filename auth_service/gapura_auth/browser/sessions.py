"""Logins in browsers: opened by a proof, found by a cookie, ended by age, idleness, or their owner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import BadCredentials
from gapura_auth.browser.session import BrowserSession, SignedIn
from gapura_auth.credentials import digest_of, new_token
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.store.accounts import find_account, lock_account
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.browser_sessions import (
    end_browser_session,
    find_browser_session,
    insert_browser_session,
    renew_browser_session,
    touch_browser_session,
)
from gapura_auth.store.logout_outbox import EndedSession
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

_PREFIX = "gpr_bs"
#: A use is noted at most this often, so that reading a page is not a write.
_TOUCH_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class BrowserSessionPolicy:
    """How long a login lasts, in seconds: however much it is used, and while it is not."""

    lifetime: float
    idle: float


@dataclass(frozen=True, slots=True)
class BrowserSessions:
    """Opens, finds and ends logins in browsers."""

    database: Database
    policy: BrowserSessionPolicy
    clock: Clock
    new_id: Callable[[], str]

    def open(self, account: Account, event: LoginEvent, present: str | None, address: str) -> str:
        """Sign somebody in who has just proved who they are; returns what the cookie is to hold.

        It is always another one than before, so that nobody can have placed it there. Where the same person was signed
        in already, it stays the same login; anybody else's ends.

        Raises:
            BadCredentials: when the account was disabled, or its password changed, since it was read.

        """
        cookie, session = new_token(_PREFIX), self._session(account, event)
        with self.database.write() as connection:
            found = lock_account(connection, account.id)
            if found is None or not found.is_enabled or found.password_changed_at != account.password_changed_at:
                raise BadCredentials
            self._replace(connection, present, cookie.digest, session)
            record(connection, _event(AuditAction.LOGIN_SUCCEEDED, account.id, session.id, event.at, address))
        return cookie.text

    def find(self, cookie: str | None) -> SignedIn | None:
        """Return who is signed in, and note the use."""
        digest = digest_of(cookie, prefix=_PREFIX) if cookie is not None else None
        if digest is None:
            return None
        now = self.clock()
        with self.database.read() as connection:
            session = find_browser_session(connection, digest, now, now - self.policy.idle)
            account = find_account(connection, session.account_id) if session is not None else None
        if session is None or account is None:
            return None
        if now - session.last_seen_at >= _TOUCH_AFTER:
            with self.database.write() as connection:
                touch_browser_session(connection, session.id, now)
        return SignedIn(session, account)

    def end(self, signed_in: SignedIn, address: str) -> Sequence[EndedSession] | None:
        """Sign somebody out of this browser, and out of every client that they went on to from it.

        Returns the sessions that ended with the login; None when it had ended already.
        """
        now, session = self.clock(), signed_in.session
        with self.database.write() as connection:
            lock_account(connection, session.account_id)  # first, as everybody does who ends or begins sessions
            ended = end_browser_session(connection, session.id, now, "logout in the browser")
            if ended is not None:
                record(connection, _event(AuditAction.SESSION_REVOKED, session.account_id, session.id, now, address))
        return ended

    def _replace(self, connection: Connection, present: str | None, digest: bytes, session: BrowserSession) -> None:
        old = digest_of(present, prefix=_PREFIX) if present is not None else None
        if old is not None and renew_browser_session(connection, old, digest, session):
            return
        if old is not None and (left := find_browser_session(connection, old, session.authenticated_at, 0.0)):
            end_browser_session(connection, left.id, session.authenticated_at, "another person signed in")
        insert_browser_session(connection, digest, session)

    def _session(self, account: Account, event: LoginEvent) -> BrowserSession:
        return BrowserSession(
            id=self.new_id(),
            account_id=account.id,
            authenticated_at=event.at,
            amr=event.amr,
            acr=event.acr,
            last_seen_at=event.at,
            expires_at=event.at + self.policy.lifetime,
        )


def _event(action: AuditAction, actor: str, target: str, now: Timestamp, address: str) -> AuditEvent:
    return AuditEvent(at=now, action=action, actor=actor, target=target, address=address)
