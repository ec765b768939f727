"""What people see when they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response
from markupsafe import Markup

from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.logout import AlreadyOut, AskPerson, LogOut, LogoutRequest
from gapura_auth.web.authorization_answers import AuthorizationAnswers
from gapura_auth.web.forms import personal_form
from gapura_auth.web.pages.rendering import SUBMIT_SCRIPT, PagePermissions, language_of
from gapura_auth.web.pages.texts import TEXTS

LOGOUT = "/oauth/logout"
#: Time in which the frames of other clients load before the browser goes on.
REFRESH_SECONDS = 3


@dataclass(frozen=True, slots=True)
class LogoutPages:
    """Renders the pages."""

    answers: AuthorizationAnswers

    def question(
        self, asked: LogoutRequest, question: AskPerson, visitor: Visitor, *, notice: str | None = None
    ) -> Response:
        """Return the page on which somebody says that they want to log out."""
        language = language_of(asked.ui_locales)
        account = visitor.signed_in.account if visitor.signed_in is not None else None
        values = {
            "client": _name_of(question.client),
            "name": account.username if account is not None else "",
            "email": account.email if account is not None else None,
            "notice": TEXTS[notice].say(language) if notice is not None else "",
            "form": personal_form(visitor, "", language, *shown_in_form(asked)),
            "fields": _fields_of(asked),
        }
        status = HTTPStatus.FORBIDDEN if notice is not None else HTTPStatus.OK
        permissions = PagePermissions(form_target=question.destination)
        response = self.answers.pages.render("sign_out.html", language, values, status=status, permissions=permissions)
        return self.answers.browsers.name(response, visitor)

    def again(self, asked: LogoutRequest, fields: Mapping[str, str], destination: str | None) -> Response:
        """Return a page that sends the same form once more."""
        values = {
            "action": f"{self.answers.pages.base}{LOGOUT}",
            "fields": {**fields, "again": "1"},
            "script": Markup(SUBMIT_SCRIPT),  # noqa: S704 -- our own constant
        }
        permissions = PagePermissions(form_target=destination, submits_itself=True)
        return self.answers.pages.render(
            "form_post.html", language_of(asked.ui_locales), values, permissions=permissions
        )

    def signed_out(self, asked: LogoutRequest, outcome: LogOut | AlreadyOut, frames: tuple[str, ...] = ()) -> Response:
        """Return the last page; with frames it goes on by itself, by a refresh that needs no script."""
        goes_on = bool(frames) and outcome.destination is not None
        values = {
            "client": _name_of(outcome.client),
            "destination": outcome.destination,
            "refresh": REFRESH_SECONDS if goes_on else None,
            "frames": frames,
        }
        permissions = PagePermissions(frames=frames)
        return self.answers.pages.render(
            "signed_out.html", language_of(asked.ui_locales), values, permissions=permissions
        )


def shown_in_form(asked: LogoutRequest) -> tuple[str, ...]:
    """Return what the token of the form is for."""
    return ("sign out", *(f"{name}={value}" for name, value in sorted(_fields_of(asked).items())))


def _fields_of(asked: LogoutRequest) -> dict[str, str]:
    """Return what is asked for, for the form: without the hint, whose place the person's own answer takes."""
    fields = {
        "client_id": asked.sender,
        "post_logout_redirect_uri": asked.post_logout_redirect_uri,
        "state": asked.state,
        "ui_locales": " ".join(asked.ui_locales) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _name_of(client: Client | None) -> str:
    return client.presentation.name if client is not None else ""
