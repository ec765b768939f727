"""The authorization endpoint (RFC 6749, section 3.1; OpenID Connect Core, section 3.1.2)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request

from gapura_auth.browser.authorizations import Authorizations
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.web.authorization_answers import AuthorizationAnswers, on_a_page, see_other
from gapura_auth.web.oauth_requests import read_form, read_query
from gapura_chassis.api import get, post
from gapura_chassis.api.routes import Answers

ADDRESS = "/oauth/authorize"
#: Beyond this the parameters of a POST do not fit into an address that every server and browser takes.
LONGEST_QUERY = 6_000

_ANSWERS: Answers = {200: None, 303: None, 400: None}


@dataclass(frozen=True, slots=True)
class AuthorizeViews:
    """Views for browsers that a client has sent."""

    authorizations: Authorizations
    answers: AuthorizationAnswers

    @get(ADDRESS, "Ask a person for authorization", _ANSWERS, public=True)
    @on_a_page
    def authorize(self) -> Response:
        """Begin an authorization; it ends with a redirect, or a form, to the client."""
        return self._begin(read_query(request))

    @post(ADDRESS, "Ask a person for authorization, with a form", _ANSWERS, public=True)
    @on_a_page
    def authorize_by_form(self) -> Response:
        """Begin an authorization that another site's form has brought: no CSRF check, for it changes nothing here.

        Such a POST comes without our cookies (SameSite=Lax), and a GET that follows it has them.
        """
        parameters = read_form(request)
        query = urlencode([(name, value) for name, values in parameters.values.items() for value in values])
        if self.answers.browsers.present_login is None and len(query) <= LONGEST_QUERY:
            return see_other(f"{self.answers.pages.base}{ADDRESS}?{query}")
        return self._begin(parameters)

    def _begin(self, parameters: Parameters) -> Response:
        visitor = self.answers.browsers.visitor()
        return self.answers.of(self.authorizations.begin(parameters, visitor), visitor)
