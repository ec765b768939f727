"""The page where the owner of a device says yes or no to it (RFC 8628, section 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Response, request

from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.errors import BadCredentials, TooManyAttempts, TooManyLogins
from gapura_auth.browser.device_decisions import DeviceDecisions, UnknownUserCode, WaitingDevice
from gapura_auth.browser.sessions import BrowserSessions
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authentication_contexts import ONE_FACTOR
from gapura_auth.oauth.device_codes import shown
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.web.authorization_answers import AuthorizationAnswers, on_a_page
from gapura_auth.web.form_protection import is_from_our_page
from gapura_auth.web.forms import field, is_personal_form, is_sign_in_form, personal_form, sign_in_form
from gapura_auth.web.pages.rendering import language_of
from gapura_auth.web.pages.texts import TEXTS
from gapura_chassis.api import get, post
from gapura_chassis.api.routes import Answers
from gapura_chassis.clock import Clock
from gapura_chassis.errors import ApiError

VERIFICATION = "/device"

_SHOWN: Answers = {200: None, 400: None}
_SENT: Answers = {200: None, 400: None, 403: None, 429: None, 503: None}


@dataclass(frozen=True, slots=True)
class DeviceViews:
    """Views for people with a device in front of them."""

    decisions: DeviceDecisions
    authentication: Authentication
    sessions: BrowserSessions
    answers: AuthorizationAnswers
    issuer: str
    clock: Clock

    @get(VERIFICATION, "The page for devices", _SHOWN, public=True)
    @on_a_page
    def show(self) -> Response:
        """Ask for the code that the device shows, even where the address has it: somebody may have sent it."""
        return self._ask(self.answers.browsers.visitor(), request.args.get("user_code", ""))

    @post(VERIFICATION, "Decide about a device", _SENT, public=True)
    @on_a_page
    def send(self) -> Response:
        """Look the code up, or decide about what was shown."""
        if not is_from_our_page(request, self.issuer):
            return self.answers.failed("error_foreign_form", HTTPStatus.FORBIDDEN)
        visitor = self.answers.browsers.visitor()
        try:
            if request.form.get("action") == "look":
                return self._look(visitor)
            return self._decide(visitor)
        except UnknownUserCode:
            return self._ask(visitor, field(request, "user_code"), "device_unknown", HTTPStatus.FORBIDDEN)
        except (BadCredentials, TooManyAttempts, TooManyLogins) as error:
            return self._refuse(visitor, error)

    def _look(self, visitor: Visitor) -> Response:
        if not is_sign_in_form(request, visitor):
            return self._ask(visitor, field(request, "user_code"), "stale_form", HTTPStatus.FORBIDDEN)
        if visitor.signed_in is not None:
            return self._confirm(visitor)
        login = self._sign_in(visitor)
        # from here on, whoever is wrong about the code is signed in all the same
        visitor = self.answers.browsers.visitor(login)
        try:
            response = self._confirm(visitor)
        except UnknownUserCode:
            response = self._ask(visitor, field(request, "user_code"), "device_unknown", HTTPStatus.FORBIDDEN)
        return self.answers.browsers.sign_in(response, login)

    def _sign_in(self, visitor: Visitor) -> str:
        account = self.authentication.by_password(
            field(request, "username"), field(request, "password"), visitor.address
        )
        event = LoginEvent(self.clock(), amr=("pwd",), acr=ONE_FACTOR)
        return self.sessions.open(account, event, self.answers.browsers.present_login, visitor.address)

    def _decide(self, visitor: Visitor) -> Response:
        waiting = self._waiting(visitor)
        if waiting is None or not is_personal_form(request, visitor, *_what_was_shown(waiting)):
            return self._ask(visitor, field(request, "user_code"), "stale_form", HTTPStatus.FORBIDDEN)
        if request.form.get("action") == "allow":
            self.decisions.approve(waiting, visitor)
            return self._page("device_done.html", {"title": "device_allowed", "client": _name_of(waiting)})
        self.decisions.deny(waiting)
        return self._page("device_done.html", {"title": "device_denied", "client": _name_of(waiting)})

    def _waiting(self, visitor: Visitor) -> WaitingDevice | None:
        if visitor.signed_in is None:
            return None
        return self.decisions.find(field(request, "user_code"), visitor.signed_in, visitor.address)

    def _confirm(self, visitor: Visitor) -> Response:
        waiting = self._waiting(visitor)
        if waiting is None or visitor.signed_in is None:
            raise UnknownUserCode
        values = {
            "client": _name_of(waiting),
            "name": visitor.signed_in.account.username,
            "user_code": shown(waiting.code.user_code),
            "scopes": sorted(waiting.scopes),
            "resources": waiting.code.resources,
            "form": personal_form(visitor, "", language_of(), *_what_was_shown(waiting)),
        }
        return self.answers.browsers.name(self._page("device_confirm.html", values), visitor)

    def _ask(
        self, visitor: Visitor, user_code: str, notice: str = "", status: HTTPStatus = HTTPStatus.OK, **values: str
    ) -> Response:
        language = language_of()
        content = {
            "user_code": user_code[:20],
            "name": visitor.signed_in.account.username if visitor.signed_in is not None else "",
            "username": field(request, "username"),
            "form": sign_in_form(visitor, "", language),
            "notice": TEXTS[notice].say(language, **values) if notice else "",
            "here": f"{self.answers.pages.base}{VERIFICATION}?{urlencode({'user_code': user_code[:20]})}",
        }
        return self.answers.browsers.name(self._page("device.html", content, status), visitor)

    def _refuse(self, visitor: Visitor, error: ApiError) -> Response:
        notices: dict[type[ApiError], str] = {
            TooManyAttempts: "too_many_attempts",
            TooManyLogins: "too_many_logins",
        }
        wait = error.headers.get("Retry-After", "")
        status = HTTPStatus.FORBIDDEN if isinstance(error, BadCredentials) else error.status
        notice = notices.get(type(error), "bad_credentials")
        response = self._ask(visitor, field(request, "user_code"), notice, status, seconds=wait)
        if wait:
            response.headers["Retry-After"] = wait
        return response

    def _page(self, template: str, values: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Response:
        return self.answers.pages.render(template, language_of(), values, status=status)


def _name_of(waiting: WaitingDevice) -> str:
    return waiting.client.presentation.name


def _what_was_shown(waiting: WaitingDevice) -> tuple[str, ...]:
    return ("device", waiting.code.user_code, *sorted(waiting.scopes))
