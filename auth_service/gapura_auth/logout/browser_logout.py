"""Carries a request to log out from its arrival to its end; HTTP and pages are not known here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gapura_auth.browser.sessions import BrowserSessions
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.client_authentication import LONGEST_CLIENT_ID, Clients
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.frontchannel_logout import EndedAtClient, frames_of
from gapura_auth.oauth.id_token_hints import IdTokenHints
from gapura_auth.oauth.logout import (
    LogOut,
    LogoutDecision,
    LogoutRequest,
    LogoutSituation,
    decide_logout,
    read_logout_request,
)
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.logout_outbox import EndedSession
from gapura_auth.store.sessions import find_session, revoke_session


@dataclass(frozen=True, slots=True)
class BrowserLogout:
    """The end session endpoint without HTTP."""

    issuer: str
    sessions: BrowserSessions
    clients: Clients
    #: None where tokens are signed under a shared secret, and ID tokens do not exist
    hints: IdTokenHints | None
    #: called when clients are to be told
    wake: Callable[[], object]

    def read(self, parameters: Parameters) -> LogoutRequest:
        """Return the request that these parameters are."""
        return read_logout_request(parameters, self.hints)

    def decide(self, request: LogoutRequest, visitor: Visitor) -> LogoutDecision:
        """Return what the request comes to; nothing happens yet."""
        return decide_logout(request, self._client(request.sender), self._situation(request, visitor))

    def log_out(self, decision: LogOut, visitor: Visitor) -> tuple[str, ...]:
        """End what is to end; returns the addresses to show in frames, for clients that want to hear that way."""
        if visitor.signed_in is not None:
            ended = self.sessions.end(visitor.signed_in, visitor.address) or ()
        else:
            ended = self._end_one(decision.session_id, visitor.address) if decision.session_id is not None else ()
        if ended:
            self.wake()
        return frames_of(self.issuer, self._at_clients(ended))

    def _situation(self, request: LogoutRequest, visitor: Visitor) -> LogoutSituation:
        if visitor.signed_in is None:
            return LogoutSituation()
        account, session = visitor.signed_in.account, visitor.signed_in.session
        names = {session.id, account.id, account.username, account.email}
        return LogoutSituation(
            login=visitor.login,
            names=frozenset(name for name in names if name),
            hinted_login=self._login_of(request.hint.session_id) if request.hint is not None else None,
        )

    def _login_of(self, session_id: str | None) -> str | None:
        with self.sessions.database.read() as connection:
            session = find_session(connection, session_id) if session_id is not None else None
        return session.browser_session_id if session is not None else None

    def _end_one(self, session_id: str, address: str) -> tuple[EndedSession, ...]:
        now = self.sessions.clock()
        with self.sessions.database.write() as connection:
            session = find_session(connection, session_id)
            if session is None or not revoke_session(connection, session_id, now, "logout at the client"):
                return ()
            event = AuditEvent(
                at=now,
                action=AuditAction.SESSION_REVOKED,
                actor=session.account_id,
                target=session_id,
                address=address,
            )
            record(connection, event)
        return (EndedSession(session.id, session.account_id, session.client_id),)

    def _at_clients(self, ended: Iterable[EndedSession]) -> Iterator[EndedAtClient]:
        for session in ended:
            client = self._client(session.client_id)
            if client is not None:
                yield EndedAtClient(client, session.id)

    def _client(self, client_id: str | None) -> Client | None:
        if client_id is None or len(client_id) > LONGEST_CLIENT_ID:
            return None
        return self.clients.find(client_id)
