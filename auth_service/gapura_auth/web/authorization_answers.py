"""Writes what an authorization comes to: back to the client, on to a page, or an error that only the person sees."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Response
from markupsafe import Markup

from gapura_auth.browser.steps import Answered, CannotContinue, Step, Waiting
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization import AskConsent
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.response_modes import Redirect
from gapura_auth.web.browsers import Browsers
from gapura_auth.web.pages.rendering import SUBMIT_SCRIPT, PagePermissions, Pages, detach, language_of

SIGN_IN, CONSENT = "/signin", "/consent"


@dataclass(frozen=True, slots=True)
class AuthorizationAnswers:
    """The one place from which people leave for a client."""

    pages: Pages
    browsers: Browsers

    def of(self, step: Step, visitor: Visitor) -> Response:
        """Return the answer to a step."""
        if isinstance(step, Answered):
            return self._to_client(step)
        return self.browsers.name(see_other(self.address_of(step)), visitor)

    def address_of(self, waiting: Waiting) -> str:
        """Return where the question of a waiting request is put."""
        page = CONSENT if isinstance(waiting.question, AskConsent) else SIGN_IN
        return f"{self.pages.base}{page}?{urlencode({'interaction': waiting.interaction})}"

    def _to_client(self, answered: Answered) -> Response:
        response = answered.response
        if isinstance(response, Redirect):
            return see_other(response.location)
        values = {"action": response.action, "fields": response.fields, "script": Markup(SUBMIT_SCRIPT)}  # noqa: S704 -- our own constant
        # clients may look at the origin of what is posted to them; the path stays here
        permissions = PagePermissions(form_target=response.action, submits_itself=True, referrer="strict-origin")
        language = language_of(answered.ui_locales)
        return self.pages.render("form_post.html", language, values, permissions=permissions)

    def refused(self, error: OAuthError) -> Response:
        """Show a person that the request is not one to answer (RFC 6749, section 4.1.2.1)."""
        values = {"text": "error_request", "code": error.code.value, "description": error.description}
        return self.pages.render("error.html", language_of(), values, status=HTTPStatus.BAD_REQUEST)

    def failed(self, text: str, status: HTTPStatus) -> Response:
        """Show a person that a page cannot be used."""
        values = {"text": text, "code": "", "description": ""}
        return self.pages.render("error.html", language_of(), values, status=status)


def see_other(location: str) -> Response:
    """Send the browser on with GET: a 307 would repeat the password to the next one (RFC 9700, section 4.12)."""
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = location
    return detach(response)


class HasAnswers(Protocol):
    """Views that show what they cannot do on a page."""

    @property
    def answers(self) -> AuthorizationAnswers:
        """What writes answers."""


Views = TypeVar("Views", bound=HasAnswers)
Arguments = ParamSpec("Arguments")


def on_a_page(
    view: Callable[Concatenate[Views, Arguments], Response],
) -> Callable[Concatenate[Views, Arguments], Response]:
    """Answer what a view raises of the protocol on a page, never by a redirect and never as JSON."""

    @wraps(view)
    def shown(self: Views, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        try:
            return view(self, *args, **kwargs)
        except OAuthError as error:
            return self.answers.refused(error)
        except CannotContinue:
            return self.answers.failed("error_expired", HTTPStatus.BAD_REQUEST)

    return shown
