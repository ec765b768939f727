"""The end session endpoint (OpenID Connect RP-Initiated Logout 1.0, section 2) and its pages."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from gapura_auth.browser.visitor import Visitor
from gapura_auth.logout.browser_logout import BrowserLogout
from gapura_auth.oauth.logout import AlreadyOut, AskPerson, LogOut, LogoutRequest, RefuseLogout
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.web.authorization_answers import SIGN_IN, AuthorizationAnswers, on_a_page, see_other
from gapura_auth.web.form_protection import is_from_our_page
from gapura_auth.web.forms import is_personal_form
from gapura_auth.web.logout_pages import LOGOUT, LogoutPages, shown_in_form
from gapura_auth.web.oauth_requests import read_form, read_query
from gapura_chassis.api import get, post
from gapura_chassis.api.routes import Answers

_SHOWN: Answers = {200: None, 303: None, 400: None}
_SENT: Answers = {200: None, 303: None, 400: None, 403: None}


@dataclass(frozen=True, slots=True)
class LogoutViews:
    """Views for people who want to leave, and for browsers that a client has sent."""

    logout: BrowserLogout
    answers: AuthorizationAnswers
    issuer: str

    @get(LOGOUT, "Log out", _SHOWN, public=True)
    @on_a_page
    def show(self) -> Response:
        """Log out, where the request proves who asks; otherwise ask the person."""
        return self._answer(self.logout.read(read_query(request)), self.answers.browsers.visitor())

    @post(LOGOUT, "Log out, with a form", _SENT, public=True)
    @on_a_page
    def send(self) -> Response:
        """Log out with a form of a client, or with ours, in which the person agrees."""
        parameters = read_form(request)
        asked, visitor = self.logout.read(parameters), self.answers.browsers.visitor()
        if parameters.get("form_token") is not None:
            return self._confirmed(asked, visitor)
        if self.answers.browsers.present_login is None and parameters.get("again") is None:
            return self._again(parameters, asked, visitor)
        return self._answer(asked, visitor)

    @property
    def _pages(self) -> LogoutPages:
        return LogoutPages(self.answers)

    def _answer(self, asked: LogoutRequest, visitor: Visitor) -> Response:
        match self.logout.decide(asked, visitor):
            case RefuseLogout(error):
                return self.answers.refused(error)
            case AskPerson() as question:
                return self._pages.question(asked, question, visitor)
            case AlreadyOut() as already:
                return self._pages.signed_out(asked, already)
            case LogOut() as decision:
                return self._log_out(asked, decision, visitor)

    def _again(self, parameters: Parameters, asked: LogoutRequest, visitor: Visitor) -> Response:
        """Let the browser send the form once more, from a page of ours: with another site's it leaves out its cookies.

        To turn it into a GET would put an ID token into an address, and so into logs.
        """
        decision = self.logout.decide(asked, visitor)
        if isinstance(decision, RefuseLogout):
            return self.answers.refused(decision.error)
        fields = {name: values[0] for name, values in parameters.values.items()}
        return self._pages.again(asked, fields, decision.destination)

    def _confirmed(self, asked: LogoutRequest, visitor: Visitor) -> Response:
        """Do what the person said; the request is decided anew, so that nothing of the form has to be believed."""
        if not is_from_our_page(request, self.issuer):
            return self.answers.failed("error_foreign_form", HTTPStatus.FORBIDDEN)
        decision = self.logout.decide(asked, visitor)
        if not isinstance(decision, AskPerson):
            return self._answer(asked, visitor)
        if not is_personal_form(request, visitor, *shown_in_form(asked)):
            return self._pages.question(asked, decision, visitor, notice="stale_form")
        if request.form.get("action") != "sign_out":
            return see_other(f"{self.answers.pages.base}{SIGN_IN}")
        return self._log_out(asked, LogOut(decision.client, decision.destination, None), visitor)

    def _log_out(self, asked: LogoutRequest, decision: LogOut, visitor: Visitor) -> Response:
        frames = self.logout.log_out(decision, visitor)
        if decision.destination is not None and not frames:
            response = see_other(decision.destination)
        else:
            response = self._pages.signed_out(asked, decision, frames)
        return self.answers.browsers.sign_out(response) if visitor.signed_in is not None else response
