"""Sessions: opened by a login, kept alive by refreshes, ended by their owner, an administrator or a stolen token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import BadCredentials, SessionEnded, UnknownSession
from gapura_auth.accounts.session import Session
from gapura_auth.oauth.access_tokens import AccessToken, AccessTokenIssuer
from gapura_auth.oauth.refresh import Presenter, Refreshed, RefreshPolicy, issue_refresh_token, refresh
from gapura_auth.store.accounts import find_account, lock_account
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.browser_sessions import revoke_browser_sessions_of
from gapura_auth.store.refresh_tokens import SlotLending, SqlRefreshTokens
from gapura_auth.store.sessions import (
    find_session,
    insert_session,
    live_sessions_of,
    revoke_session,
    revoke_sessions_of,
)
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: The client of `/login`: our own first-party interface, known without registration.
FIRST_PARTY_CLIENT = "gapura"
LONGEST_USER_AGENT = 255


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client receives at a login or a refresh."""

    access: AccessToken
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from, as far as it can be told."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, continues, shows and ends sessions."""

    database: Database
    issuer: AccessTokenIssuer
    policy: RefreshPolicy
    audience: tuple[str, ...]
    lending: SlotLending | None
    session_seconds: int
    clock: Clock
    new_id: Callable[[], str]

    def open(self, account: Account, device: Device) -> Tokens:
        """Begin a session for somebody who has just proved who they are.

        Raises:
            BadCredentials: when the account was disabled, or its password changed, since it was read.

        """
        now = self.clock()
        session = self._session(account, device, now)
        with self.database.write() as connection:
            present = lock_account(connection, account.id)
            if present is None or not present.is_enabled or present.password_changed_at != account.password_changed_at:
                raise BadCredentials
            insert_session(connection, session)
            record(connection, _event(AuditAction.LOGIN_SUCCEEDED, account.id, session.id, now, device.address))
            store = self._refresh_tokens(connection)
            grant = store.live_grant(session.id, now)
            if grant is None:
                raise BadCredentials
            refresh_token = issue_refresh_token(store, self.policy, session.id, session.expires_at, now)
        return Tokens(self.issuer.issue(grant), refresh_token)

    def refresh(self, refresh_token: str, address: str) -> Tokens:
        """Continue a session.

        Raises:
            SessionEnded: when the token is not good, or was used before by somebody else.

        """
        now = self.clock()
        with self.database.write() as connection:
            # tokens of other clients are for the token endpoint, where those prove who they are
            presenter = Presenter(FIRST_PARTY_CLIENT)
            outcome = refresh(self._refresh_tokens(connection), self.policy, refresh_token, presenter, now)
            if not isinstance(outcome, Refreshed) and outcome.reused_session is not None:
                reused = outcome.reused_session
                record(connection, _event(AuditAction.REFRESH_REUSED, "(unknown)", reused, now, address))
        if not isinstance(outcome, Refreshed):
            raise SessionEnded
        return Tokens(self.issuer.issue(outcome.grant), outcome.refresh_token)

    def require_live(self, session_id: str | None) -> tuple[Session, Account]:
        """Return the session and the account behind a verified access token.

        Raises:
            SessionEnded: when either is no longer good, or the token belongs to no session.

        """
        with self.database.read() as connection:
            session = find_session(connection, session_id) if session_id else None
            account = find_account(connection, session.account_id) if session else None
        if session is None or account is None or not session.is_live(self.clock()) or not account.is_enabled:
            raise SessionEnded
        return session, account

    def of(self, account: Account) -> Sequence[Session]:
        """Return the account's live sessions, the last used first."""
        with self.database.read() as connection:
            return live_sessions_of(connection, account.id, self.clock())

    def end(self, account: Account, session_id: str, address: str) -> None:
        """End one of the account's sessions.

        Raises:
            UnknownSession: when it has no such live session.

        """
        now = self.clock()
        with self.database.write() as connection:
            session = find_session(connection, session_id)
            if (
                session is None
                or session.account_id != account.id
                or not revoke_session(connection, session_id, now, "logout")
            ):
                raise UnknownSession
            record(connection, _event(AuditAction.SESSION_REVOKED, account.id, session_id, now, address))

    def end_all(self, account: Account, address: str) -> int:
        """End every session of the account; returns how many."""
        now = self.clock()
        with self.database.write() as connection:
            ended = revoke_sessions_of(connection, account.id, now, "logout of all sessions")
            revoke_browser_sessions_of(connection, account.id, now)  # or a client would sign them in again unasked
            record(connection, _event(AuditAction.SESSIONS_REVOKED, account.id, account.id, now, address))
        return ended

    def _refresh_tokens(self, connection: Connection) -> SqlRefreshTokens:
        return SqlRefreshTokens(connection, self.audience, self.lending)

    def _session(self, account: Account, device: Device, now: Timestamp) -> Session:
        return Session(
            id=self.new_id(),
            account_id=account.id,
            client_id=FIRST_PARTY_CLIENT,
            address=device.address,
            user_agent=device.user_agent[:LONGEST_USER_AGENT],
            authenticated_at=now,
            last_seen_at=now,
            expires_at=now + self.session_seconds,
        )


def _event(action: AuditAction, actor: str, target: str, now: Timestamp, address: str) -> AuditEvent:
    return AuditEvent(at=now, action=action, actor=actor, target=target, address=address)
