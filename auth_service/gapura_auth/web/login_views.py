"""The way in and out: register, log in, refresh, log out."""

from dataclasses import dataclass

from flask import Response, request

from gapura import current_token
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.registration import Application, Registration
from gapura_auth.accounts.sessions import Device, Sessions
from gapura_auth.web.models import (
    LoginBody,
    LogoutBody,
    Message,
    RefreshBody,
    Registered,
    RegistrationBody,
    TokensAnswer,
)
from gapura_auth.web.scopes import ACCOUNT
from gapura_chassis.api import json_response, post
from gapura_chassis.language import Sentence, say

REGISTERED = Sentence(id="Akun {username} berhasil dibuat.", en="The account {username} was created.")
LOGGED_OUT = Sentence(id="Anda telah keluar.", en="You are logged out.")
LOGGED_OUT_EVERYWHERE = Sentence(id="Semua sesi Anda telah diakhiri.", en="All your sessions have been ended.")


@dataclass(frozen=True, slots=True)
class LoginViews:
    """Views for everybody."""

    registration: Registration
    authentication: Authentication
    sessions: Sessions

    @post("/register", "Create an account", {201: Registered}, public=True, refusals=(409,))
    def register(self, body: RegistrationBody) -> Response:
        """Create an account that can log in at once."""
        application = Application(body.username, body.password, body.email)
        account = self.registration.register(application, address=_address())
        message = say(REGISTERED, username=account.username)
        return json_response(Registered(msg=message, id=account.id, username=account.username), 201)

    @post("/login", "Log in", {200: TokensAnswer}, public=True, refusals=(401, 429))
    def login(self, body: LoginBody) -> Response:
        """Exchange a name and a password for tokens; every service takes the access token."""
        account = self.authentication.by_password(body.username, body.password, _address())
        device = Device(_address(), request.headers.get("User-Agent", ""))
        return json_response(TokensAnswer.of(self.sessions.open(account, device)))

    @post("/refresh", "Continue a session", {200: TokensAnswer}, public=True, refusals=(401,))
    def refresh(self, body: RefreshBody) -> Response:
        """Exchange a refresh token for new tokens; it is good for one use."""
        return json_response(TokensAnswer.of(self.sessions.refresh(body.refresh_token, _address())))

    @post("/logout", "Log out", {200: Message}, scopes=(ACCOUNT,), optional_body=True)
    def logout(self, body: LogoutBody) -> Response:
        """End this session, or every session of the account."""
        session, account = self.sessions.require_live(current_token.session_id)
        if body.all:
            self.sessions.end_all(account, _address())
            return json_response(Message(msg=say(LOGGED_OUT_EVERYWHERE)))
        self.sessions.end(account, session.id, _address())
        return json_response(Message(msg=say(LOGGED_OUT)))


def _address() -> str:
    return request.remote_addr or ""
