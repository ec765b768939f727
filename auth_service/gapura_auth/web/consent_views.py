"""Consent: a person sees what a client asks for, and says yes or no."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import Response, request

from gapura_auth.browser.authorizations import Authorizations
from gapura_auth.browser.steps import Waiting
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization import AskConsent
from gapura_auth.web.authorization_answers import CONSENT, SIGN_IN, AuthorizationAnswers, on_a_page
from gapura_auth.web.form_protection import is_from_our_page
from gapura_auth.web.forms import field, is_personal_form, personal_form
from gapura_auth.web.pages.rendering import PagePermissions, language_of
from gapura_auth.web.pages.texts import SCOPES, TEXTS
from gapura_chassis.api import get, post
from gapura_chassis.api.routes import Answers

_SHOWN: Answers = {200: None, 303: None, 400: None}
_SENT: Answers = {200: None, 303: None, 400: None, 403: None}


@dataclass(frozen=True, slots=True)
class ShownScope:
    """One line of what a client asks for."""

    name: str
    #: whether the person gave the rest before, and not this
    marked: bool


@dataclass(frozen=True, slots=True)
class ConsentViews:
    """Views for people who are signed in."""

    authorizations: Authorizations
    answers: AuthorizationAnswers
    issuer: str

    @get(CONSENT, "The consent page", _SHOWN, public=True)
    @on_a_page
    def show(self) -> Response:
        """Show what a client asks for."""
        visitor = self.answers.browsers.visitor()
        return self._show(request.args.get("interaction", ""), visitor)

    @post(CONSENT, "Agree, or not", _SENT, public=True)
    @on_a_page
    def send(self) -> Response:
        """Agree to exactly what was shown, or decline."""
        if not is_from_our_page(request, self.issuer):
            return self.answers.failed("error_foreign_form", HTTPStatus.FORBIDDEN)
        visitor, interaction = self.answers.browsers.visitor(), field(request, "interaction")
        step = self.authorizations.resume(interaction, visitor)
        if not isinstance(step, Waiting) or not isinstance(step.question, AskConsent):
            return self.answers.of(step, visitor)
        if not is_personal_form(request, visitor, *_shown(step.question)):
            return self._show(interaction, visitor, notice="stale_form")
        if request.form.get("action") != "allow":
            return self.answers.of(self.authorizations.declined(interaction, visitor), visitor)
        return self.answers.of(self.authorizations.consented(interaction, visitor), visitor)

    def _show(self, interaction: str, visitor: Visitor, notice: str = "") -> Response:
        step = self.authorizations.resume(interaction, visitor)
        if not isinstance(step, Waiting) or not isinstance(step.question, AskConsent) or visitor.signed_in is None:
            return self.answers.of(step, visitor)
        language = language_of(step.incoming.request.ui_locales)
        values = self._what_is_asked(step, step.question) | {
            "name": visitor.signed_in.account.username,
            "form": personal_form(visitor, interaction, language, *_shown(step.question)),
            "notice": TEXTS[notice].say(language) if notice else "",
        }
        permissions = PagePermissions(form_target=step.incoming.request.target.redirect_uri)
        status = HTTPStatus.FORBIDDEN if notice else HTTPStatus.OK
        response = self.answers.pages.render("consent.html", language, values, status=status, permissions=permissions)
        return self.answers.browsers.name(response, visitor)

    def _what_is_asked(self, waiting: Waiting, question: AskConsent) -> dict[str, object]:
        client, asked = waiting.incoming.client, waiting.incoming.request
        is_first = question.new == question.scopes
        in_order = sorted(
            question.scopes, key=lambda scope: (list(SCOPES).index(scope) if scope in SCOPES else 99, scope)
        )
        query = urlencode({"interaction": waiting.interaction})
        return {
            "client": client.presentation.name,
            "scopes": [ShownScope(scope, scope in question.new and not is_first) for scope in in_order],
            "resources": asked.resources,
            "place": _place_of(asked.target.redirect_uri),
            "policy_uri": client.presentation.policy_uri,
            "tos_uri": client.presentation.tos_uri,
            "here": f"{self.answers.pages.base}{CONSENT}?{query}",
            "other": f"{self.answers.pages.base}{SIGN_IN}?{query}&other=1",
        }


def _shown(question: AskConsent) -> tuple[str, ...]:
    return ("consent", *sorted(question.scopes))


def _place_of(redirect_uri: str) -> str | None:
    """Return the host that people are sent back to; None where it is an application on their own device."""
    parts = urlsplit(redirect_uri)
    return parts.netloc if parts.scheme == "https" else None
