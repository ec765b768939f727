"""The last step of an authorization, in one transaction: whatever was good for one use is used up before a code is."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.browser.steps import CannotContinue
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization import Permit
from gapura_auth.oauth.authorization_codes import AuthorizedSession, CodeBinding, issue_code
from gapura_auth.oauth.authorization_request import AuthorizationRequest
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.incoming_requests import IncomingRequest
from gapura_auth.store.accounts import lock_account
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.authorization_codes import SqlAuthorizationCodes
from gapura_auth.store.authorization_requests import consume_request
from gapura_auth.store.browser_sessions import is_live_browser_session
from gapura_auth.store.consents import remember_consent
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

LONGEST_USER_AGENT = 255


@dataclass(frozen=True, slots=True)
class Completion:
    """Answers requests, each once."""

    database: Database
    session_seconds: float
    clock: Clock
    new_id: Callable[[], str]

    def permit(self, incoming: IncomingRequest, permit: Permit, visitor: Visitor, interaction: bytes | None) -> str:
        """Begin a session for the client and return the code that stands for it.

        Raises:
            CannotContinue: when the request was answered meanwhile, or the person is not signed in any more.

        """
        now = self.clock()
        session = self._session(incoming.request, permit, visitor, now)
        with self.database.write() as connection:
            _use_up(connection, incoming, interaction, now)
            _require_login(connection, permit, now)
            if incoming.waiting.progress.consented == permit.login.subject:
                _keep_consent(connection, incoming, permit, visitor, now)
            return issue_code(SqlAuthorizationCodes(connection), session, _binding(incoming.request), now)

    def refuse(self, incoming: IncomingRequest, interaction: bytes | None) -> None:
        """Use up a request that comes to nothing. Raises `CannotContinue` when it was answered meanwhile."""
        if interaction is None and incoming.waiting.pushed is None:
            return
        with self.database.write() as connection:
            _use_up(connection, incoming, interaction, self.clock())

    def _session(
        self, request: AuthorizationRequest, permit: Permit, visitor: Visitor, now: Timestamp
    ) -> AuthorizedSession:
        granted = GrantedAuthorization(
            scopes=permit.scopes,
            login=permit.login.event,
            resources=request.resources,
            claims=request.claims,
            nonce=request.nonce,
        )
        return AuthorizedSession(
            id=self.new_id(),
            account_id=permit.login.subject,
            client_id=request.client_id,
            browser_session_id=permit.login.session_id,
            granted=granted,
            address=visitor.address,
            user_agent=visitor.user_agent[:LONGEST_USER_AGENT],
            expires_at=now + self.session_seconds,
        )


def _binding(request: AuthorizationRequest) -> CodeBinding:
    return CodeBinding(request.redirect_uri, request.code_challenge, request.dpop_jkt)


def _use_up(connection: Connection, incoming: IncomingRequest, interaction: bytes | None, now: Timestamp) -> None:
    used = [digest for digest in (interaction, incoming.waiting.pushed) if digest is not None]
    if not all(consume_request(connection, digest, now) for digest in used):
        raise CannotContinue


def _require_login(connection: Connection, permit: Permit, now: Timestamp) -> None:
    """Hold the account and the login until the code is issued: whoever ends them meanwhile also ends its session."""
    account = lock_account(connection, permit.login.subject)
    if account is None or not account.is_enabled:
        raise CannotContinue
    if not is_live_browser_session(connection, permit.login.session_id, now):
        raise CannotContinue


def _keep_consent(
    connection: Connection, incoming: IncomingRequest, permit: Permit, visitor: Visitor, now: Timestamp
) -> None:
    client_id, subject = incoming.client.id, permit.login.subject
    remember_consent(connection, subject, client_id, permit.scopes, now)
    scope = " ".join(sorted(permit.scopes))
    event = AuditEvent(
        at=now,
        action=AuditAction.CONSENT_GRANTED,
        actor=subject,
        target=client_id,
        address=visitor.address,
        details={"scope": scope},
    )
    record(connection, event)
