"""Clients that register and manage themselves."""

from dataclasses import dataclass

from flask import Response, request

from gapura_auth.oauth.registration import ClientRegistration, members_of
from gapura_auth.web.models import ClientAnswer, OAuthProblem
from gapura_auth.web.oauth_requests import read_bearer, read_json_object
from gapura_chassis.api import delete, get, json_response, post, put
from gapura_chassis.api.routes import DescribedBody

REGISTRATION = "/oauth/register"
_ONE = f"{REGISTRATION}/<client_id>"
_DOCUMENT = DescribedBody(
    "application/json",
    {"type": "object", "description": "Client metadata (RFC 7591, section 2)."},
)
_REFUSALS = {400: OAuthProblem, 401: OAuthProblem}


@dataclass(frozen=True, slots=True)
class RegistrationViews:
    """RFC 7591 and RFC 7592."""

    registration: ClientRegistration
    issuer: str

    @post(REGISTRATION, "Register a client", {201: ClientAnswer, **_REFUSALS}, public=True, described_body=_DOCUMENT)
    def register(self) -> Response:
        """Register a client; unless registration is open, an initial access token is needed."""
        information = self.registration.register(read_json_object(request), read_bearer(request))
        return json_response(members_of(information, self._address), 201)

    @get(_ONE, "Read a client's registration", {200: ClientAnswer, **_REFUSALS}, public=True)
    def read(self, client_id: str) -> Response:
        """Return what is registered, to whoever holds the registration access token."""
        return json_response(members_of(self.registration.read(client_id, read_bearer(request)), self._address))

    @put(
        _ONE, "Change a client's registration", {200: ClientAnswer, **_REFUSALS}, public=True, described_body=_DOCUMENT
    )
    def update(self, client_id: str) -> Response:
        """Put another document in place of the registered one; members that are left out get their defaults."""
        information = self.registration.update(client_id, read_json_object(request), read_bearer(request))
        return json_response(members_of(information, self._address))

    @delete(_ONE, "Delete a client", {204: None, **_REFUSALS}, public=True)
    def remove(self, client_id: str) -> Response:
        """Delete the client; what it was granted ends."""
        self.registration.delete(client_id, read_bearer(request))
        return Response(status=204)

    @property
    def _address(self) -> str:
        return f"{self.issuer}{REGISTRATION}"
