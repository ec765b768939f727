"""One's own account: who am I, where am I logged in, another password."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, request

from gapura import current_token
from gapura_auth.accounts.password_change import PasswordChange
from gapura_auth.accounts.rights import Rights
from gapura_auth.accounts.sessions import Sessions
from gapura_auth.web.models import Me, Message, PasswordBody, SessionList, SessionView
from gapura_auth.web.scopes import ACCOUNT
from gapura_chassis.api import delete, get, json_response, post
from gapura_chassis.language import Sentence, say

PASSWORD_CHANGED = Sentence(
    id="Kata sandi telah diubah; sesi Anda yang lain telah diakhiri.",
    en="The password was changed; your other sessions have been ended.",
)


@dataclass(frozen=True, slots=True)
class AccountViews:
    """Views for whoever is logged in."""

    sessions: Sessions
    rights: Rights
    password_change: PasswordChange

    @get("/me", "Who am I?", {200: Me}, scopes=(ACCOUNT,))
    def me(self) -> Response:
        """Return the account behind the token, with its roles and what they allow."""
        _, account = self.sessions.require_live(current_token.session_id)
        return json_response(Me.of(account, *self.rights.of(account)))

    @post("/password", "Change the password", {200: Message}, scopes=(ACCOUNT,), refusals=(429,))
    def change_password(self, body: PasswordBody) -> Response:
        """Set another password; every other session ends."""
        session, account = self.sessions.require_live(current_token.session_id)
        self.password_change.by_owner(
            account, session.id, body.current_password, body.new_password, request.remote_addr or ""
        )
        return json_response(Message(msg=say(PASSWORD_CHANGED)))

    @get("/sessions", "Where am I logged in?", {200: SessionList}, scopes=(ACCOUNT,))
    def list_sessions(self) -> Response:
        """Return the live sessions, the last used first."""
        current, account = self.sessions.require_live(current_token.session_id)
        views = [SessionView.of(session, current.id) for session in self.sessions.of(account)]
        return json_response(SessionList(sessions=views))

    @delete("/sessions/<uuid:session_id>", "Log a device out", {204: None}, scopes=(ACCOUNT,))
    def end_session(self, session_id: UUID) -> Response:
        """End one of one's own sessions."""
        _, account = self.sessions.require_live(current_token.session_id)
        self.sessions.end(account, str(session_id), request.remote_addr or "")
        return Response(status=204)
