"""What the tokens of a session stand for, as it is at this moment: what was granted, and roles still allow."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from gapura_auth.accounts.session import Session
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import Grant, KeyBinding, LoginEvent
from gapura_auth.oauth.scopes import allowed_by_person
from gapura_auth.store.accounts import find_account
from gapura_auth.store.roles import scopes_of
from gapura_auth.store.sessions import begin_session, end_session, find_session, replace_granted
from gapura_auth.store.tables import sessions
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class SqlSessions:
    """The sessions as one transaction sees them."""

    connection: Connection
    #: audience of the tokens of a session in which no resource was named
    audience: tuple[str, ...]

    def begin(self, session: AuthorizedSession, now: Timestamp) -> None:
        """Keep a new session."""
        begin_session(self.connection, session, now)

    def bind(self, session_id: str, binding: KeyBinding) -> None:
        """Note the key that the session's tokens are bound to."""
        text = self.connection.execute(select(sessions.c.granted).where(sessions.c.id == session_id)).scalar()
        if text is not None:
            replace_granted(self.connection, session_id, GrantedAuthorization.from_json(text).bound_to(binding))

    def live_grant(self, session_id: str, now: Timestamp) -> Grant | None:
        """Return what a session stands for; None when it has ended or its account is disabled."""
        session = find_session(self.connection, session_id)
        if session is None or not session.is_live(now):
            return None
        account = find_account(self.connection, session.account_id)
        if account is None or not account.is_enabled:
            return None
        allowed = scopes_of(self.connection, account.id)
        return _grant(session, account.username, self.audience, _granted(session, allowed), allowed)

    def end(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke a session and every token of it."""
        end_session(self.connection, session_id, now, because)


def _granted(session: Session, allowed: frozenset[str]) -> GrantedAuthorization:
    if session.granted is not None:
        return GrantedAuthorization.from_json(session.granted)
    # a session of `/login`: our own interface gets all that the person may do
    return GrantedAuthorization(scopes=allowed, login=LoginEvent(session.authenticated_at, amr=("pwd",)))


def _grant(
    session: Session, username: str, audience: tuple[str, ...], granted: GrantedAuthorization, allowed: frozenset[str]
) -> Grant:
    return Grant(
        subject=session.account_id,
        username=username,
        client_id=session.client_id,
        session_id=session.id,
        audience=granted.resources or audience,
        scopes=allowed_by_person(granted.scopes, allowed),
        login=granted.login,
        binding=granted.binding,
        requested_claims=granted.claims,
        nonce=granted.nonce,
        ends_at=session.expires_at,
    )
