"""What the sign-in pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Response

from gapura_auth.browser.session import SignedIn
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization import SignInReason
from gapura_auth.oauth.incoming_requests import IncomingRequest
from gapura_auth.web.authorization_answers import SIGN_IN, AuthorizationAnswers
from gapura_auth.web.forms import personal_form, sign_in_form
from gapura_auth.web.pages.rendering import PLAIN, PagePermissions, language_of
from gapura_auth.web.pages.texts import TEXTS
from gapura_chassis.language import Language

_REASONS = {
    SignInReason.AGAIN: "reason_again",
    SignInReason.OTHER_ACCOUNT: "reason_other_account",
    SignInReason.STRONGER: "reason_stronger",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What went wrong with the last try: a text by name, its values, and the status of the answer."""

    text: str
    status: HTTPStatus
    values: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignInContext:
    """For whom, and for which client, a page is shown; no client where somebody came by themselves."""

    visitor: Visitor
    interaction: str = ""
    incoming: IncomingRequest | None = None

    @property
    def client(self) -> str:
        """The name of the client."""
        return self.incoming.client.presentation.name if self.incoming is not None else ""

    @property
    def language(self) -> Language:
        """The language of the page."""
        return language_of(self.incoming.request.ui_locales if self.incoming is not None else ())

    @property
    def permissions(self) -> PagePermissions:
        """What the page may do: its form leads to the client in the end."""
        return PagePermissions(self.incoming.request.target.redirect_uri) if self.incoming is not None else PLAIN


@dataclass(frozen=True, slots=True)
class SignInPages:
    """Renders the pages."""

    answers: AuthorizationAnswers

    def form(
        self,
        context: SignInContext,
        *,
        username: str | None = None,
        reason: SignInReason | None = None,
        notice: Notice | None = None,
    ) -> Response:
        """Return the page with the form; what was typed last, or the client's hint, stands in it."""
        language, client = context.language, context.client
        hint = context.incoming.request.login_hint if context.incoming is not None else None
        values = {
            "client": client,
            "form": sign_in_form(context.visitor, context.interaction, language),
            "username": username or hint or "",
            "reason": TEXTS[_REASONS[reason]].say(language, client=client) if reason in _REASONS else "",
            "notice": TEXTS[notice.text].say(language, **notice.values) if notice is not None else "",
            "here": self._address(context, other=True),
        }
        status = notice.status if notice is not None else HTTPStatus.OK
        response = self._render("sign_in.html", context, values, status)
        response.headers.update(notice.headers if notice is not None else {})
        return response

    def choice(self, context: SignInContext, signed_in: SignedIn) -> Response:
        """Return the page on which a person says with which account to go on."""
        values = {
            "client": context.client,
            "form": personal_form(context.visitor, context.interaction, context.language),
            "name": signed_in.account.username,
            "email": signed_in.account.email,
            "here": self._address(context),
            "other": self._address(context, other=True),
        }
        return self._render("choose_account.html", context, values)

    def signed_in(self, context: SignInContext, signed_in: SignedIn) -> Response:
        """Return the page for somebody who came without a client."""
        values = {
            "name": signed_in.account.username,
            "email": signed_in.account.email,
            "here": self._address(context),
            "other": self._address(context, other=True),
        }
        return self._render("signed_in.html", context, values)

    def _render(
        self, template: str, context: SignInContext, values: Mapping[str, object], status: int = HTTPStatus.OK
    ) -> Response:
        response = self.answers.pages.render(
            template, context.language, values, status=status, permissions=context.permissions
        )
        return self.answers.browsers.name(response, context.visitor)

    def _address(self, context: SignInContext, *, other: bool = False) -> str:
        parameters = {"interaction": context.interaction} if context.interaction else {}
        query = urlencode(parameters | ({"other": "1"} if other else {}))
        return f"{self.answers.pages.base}{SIGN_IN}" + (f"?{query}" if query else "")
