"""From what arrived at the authorization endpoint to a request that can be decided on.

The order is what keeps people safe: first the client, then where its answers may go, and only then everything else. A
mistake before the second step is shown on a page; after it, the client is told.
"""

import re
from dataclasses import dataclass

from gapura_auth.oauth.authorization_request import AuthorizationRequest, Provenance, read_request
from gapura_auth.oauth.client_authentication import Clients
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.pushed_requests import PushedRequests
from gapura_auth.oauth.request_objects import RequestObjects
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.response_target import NoSafeTarget, ResponseTarget, read_target
from gapura_auth.oauth.stored_requests import WaitingRequest
from gapura_auth.oauth.vocabulary import ErrorCode

_CLIENT_ID = re.compile(r"[!-~]{1,2048}", re.ASCII)


class RefusedAtTarget(Exception):
    """The client is to be told, at an address that is its own."""

    def __init__(self, target: ResponseTarget, error: OAuthError) -> None:
        super().__init__(error.description)
        self.target = target
        self.error = error


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """A request, its client, and its parameters as they can be kept."""

    request: AuthorizationRequest
    client: Client
    waiting: WaitingRequest


@dataclass(frozen=True, slots=True)
class IncomingRequests:
    """Reads requests."""

    clients: Clients
    objects: RequestObjects
    pushed: PushedRequests
    resources: Resources

    def receive(self, parameters: Parameters) -> IncomingRequest:
        """Read a request as it came with a browser.

        Raises:
            NoSafeTarget: when nothing may be sent to a client; the person is told.
            RefusedAtTarget: when the client is told.

        """
        client = self._client(parameters)
        try:
            waiting = self._waiting(parameters, client)
        except OAuthError as error:
            raise _refusal_before_the_target(parameters, client, error) from None
        return self._read(waiting, client)

    def resume(self, waiting: WaitingRequest) -> IncomingRequest:
        """Read a request again that had to wait: its client may have changed meanwhile. Raises as `receive`."""
        return self._read(waiting, self._client(waiting.parameters))

    def _read(self, waiting: WaitingRequest, client: Client) -> IncomingRequest:
        target = read_target(waiting.parameters, client)
        try:
            request = read_request(waiting.parameters, client, target, waiting.provenance)
            self.resources.audience_of(client, request.resources)
        except OAuthError as error:
            raise RefusedAtTarget(target, error) from None
        return IncomingRequest(request, client, waiting)

    def _client(self, parameters: Parameters) -> Client:
        client_id = parameters.get("client_id")
        if client_id is None:
            raise NoSafeTarget("The parameter client_id is missing.")
        client = self.clients.find(client_id) if _CLIENT_ID.fullmatch(client_id) else None
        if client is None:
            raise NoSafeTarget("The client is not known here.", ErrorCode.INVALID_CLIENT)
        return client

    def _waiting(self, parameters: Parameters, client: Client) -> WaitingRequest:
        reference, signed = parameters.get("request_uri"), parameters.get("request")
        if reference is not None and signed is not None:
            raise OAuthError(ErrorCode.INVALID_REQUEST, "Either request or request_uri can be given.")
        if reference is not None:
            return self._pushed(reference, client)
        if signed is not None:
            return WaitingRequest(parameters=self.objects.read(signed, client), provenance=Provenance(signed=True))
        return WaitingRequest(parameters=parameters)

    def _pushed(self, reference: str, client: Client) -> WaitingRequest:
        """RFC 9101, section 5.2.2 lets clients name any address; we fetch none, and take only what was pushed."""
        stored = self.pushed.find(reference, client)
        values = {**stored.request.parameters.values, "client_id": (client.id,)}
        return WaitingRequest(parameters=Parameters(values), provenance=stored.request.provenance, pushed=stored.digest)


def _refusal_before_the_target(parameters: Parameters, client: Client, error: OAuthError) -> Exception:
    """Say that a request object is broken: to the client, where the parameters beside it name an address of its own."""
    if "redirect_uri" not in parameters:
        return NoSafeTarget(error.description, error.code)
    return RefusedAtTarget(read_target(parameters, client), error)
