"""Signing in: for a client that waits, or just so."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.errors import BadCredentials, TooManyAttempts, TooManyLogins
from gapura_auth.browser.authorizations import Authorizations
from gapura_auth.browser.sessions import BrowserSessions
from gapura_auth.browser.steps import Answered, Waiting
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authentication_contexts import ONE_FACTOR
from gapura_auth.oauth.authorization import AskAccount, AskConsent, AskSignIn
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.web.authorization_answers import SIGN_IN, AuthorizationAnswers, on_a_page, see_other
from gapura_auth.web.form_protection import is_from_our_page
from gapura_auth.web.forms import field, is_personal_form, is_sign_in_form
from gapura_auth.web.sign_in_pages import Notice, SignInContext, SignInPages
from gapura_chassis.api import get, post
from gapura_chassis.api.routes import Answers
from gapura_chassis.clock import Clock
from gapura_chassis.errors import ApiError

_SHOWN: Answers = {200: None, 303: None, 400: None}
_SENT: Answers = {200: None, 303: None, 400: None, 403: None, 429: None, 503: None}
_STALE = Notice("stale_form", HTTPStatus.FORBIDDEN, {}, {})


@dataclass(frozen=True, slots=True)
class SignInViews:
    """Views for people."""

    authorizations: Authorizations
    authentication: Authentication
    sessions: BrowserSessions
    answers: AuthorizationAnswers
    issuer: str
    clock: Clock

    @get(SIGN_IN, "The sign-in page", _SHOWN, public=True)
    @on_a_page
    def show(self) -> Response:
        """Show the sign-in page, or the choice among accounts."""
        visitor, interaction = self.answers.browsers.visitor(), request.args.get("interaction", "")
        if not interaction:
            return self._show_without_client(visitor)
        step = self.authorizations.resume(interaction, visitor)
        wants_another = "other" in request.args
        if isinstance(step, Answered) or (isinstance(step.question, AskConsent) and not wants_another):
            return self.answers.of(step, visitor)
        return self._show_question(step, visitor, wants_another=wants_another)

    @post(SIGN_IN, "Sign in", _SENT, public=True)
    @on_a_page
    def send(self) -> Response:
        """Sign in with a name and a password, go on with an account, or decline."""
        if not is_from_our_page(request, self.issuer):
            return self.answers.failed("error_foreign_form", HTTPStatus.FORBIDDEN)
        visitor, interaction = self.answers.browsers.visitor(), field(request, "interaction")
        match request.form.get("action"):
            case "continue" if is_personal_form(request, visitor):
                return self.answers.of(self.authorizations.chosen(interaction, visitor), visitor)
            case "cancel" if is_sign_in_form(request, visitor) or is_personal_form(request, visitor):
                return self.answers.of(self.authorizations.declined(interaction, visitor), visitor)
            case "sign_in" if is_sign_in_form(request, visitor):
                return self._sign_in(self._context(visitor, interaction))
            case _:
                return self._pages.form(self._context(visitor, interaction), notice=_STALE)

    @property
    def _pages(self) -> SignInPages:
        return SignInPages(self.answers)

    def _context(self, visitor: Visitor, interaction: str) -> SignInContext:
        """Look for what waits before anything is done: a request of another browser is not gone on with."""
        if not interaction:
            return SignInContext(visitor)
        return SignInContext(visitor, interaction, self.authorizations.look(interaction, visitor))

    def _show_without_client(self, visitor: Visitor) -> Response:
        context = SignInContext(visitor)
        if visitor.signed_in is None or "other" in request.args:
            return self._pages.form(context)
        return self._pages.signed_in(context, visitor.signed_in)

    def _show_question(self, waiting: Waiting, visitor: Visitor, *, wants_another: bool) -> Response:
        context = SignInContext(visitor, waiting.interaction, waiting.incoming)
        if isinstance(waiting.question, AskAccount) and visitor.signed_in is not None and not wants_another:
            return self._pages.choice(context, visitor.signed_in)
        reason = waiting.question.reason if isinstance(waiting.question, AskSignIn) else None
        return self._pages.form(context, reason=reason)

    def _sign_in(self, context: SignInContext) -> Response:
        username = field(request, "username")
        try:
            login = self._prove(username, field(request, "password"), context.visitor.address)
        except (BadCredentials, TooManyAttempts, TooManyLogins) as error:
            return self._pages.form(context, username=username, notice=_notice_of(error))
        return self.answers.browsers.sign_in(self._go_on(context.interaction, login), login)

    def _prove(self, username: str, password: str, address: str) -> str:
        account = self.authentication.by_password(username, password, address)
        event = LoginEvent(self.clock(), amr=("pwd",), acr=ONE_FACTOR)
        return self.sessions.open(account, event, self.answers.browsers.present_login, address)

    def _go_on(self, interaction: str, login: str) -> Response:
        visitor = self.answers.browsers.visitor(login)
        if not interaction:
            return see_other(f"{self.answers.pages.base}{SIGN_IN}")
        return self.answers.of(self.authorizations.signed_in(interaction, visitor), visitor)


def _notice_of(error: ApiError) -> Notice:
    headers = {name: value for name, value in error.headers.items() if name == "Retry-After"}
    match error:
        case TooManyAttempts():
            return Notice("too_many_attempts", error.status, {"seconds": headers["Retry-After"]}, headers)
        case TooManyLogins():
            return Notice("too_many_logins", error.status, {}, headers)
        case _:
            return Notice("bad_credentials", HTTPStatus.FORBIDDEN, {}, {})
