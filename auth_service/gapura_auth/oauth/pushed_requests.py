"""Pushed authorization requests (RFC 9126): a client leaves its request here and sends the browser with a reference.

A reference is good for a short time and one answer. It is used up by the answer and not by the visit, so that somebody
may sign in and reload pages in between; whichever of two visits is answered first is the only one.
"""

from dataclasses import dataclass

from gapura_auth.credentials import digest_of, new_token
from gapura_auth.oauth.authorization_request import Provenance, read_request
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, OAuthError
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.request_objects import RequestObjects
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.response_target import read_target
from gapura_auth.oauth.stored_requests import AuthorizationRequestStore, RequestKind, StoredRequest, WaitingRequest
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
LIFETIME_SECONDS = 90

_PREFIX = "gpr_ru"
#: How a client proves who it is; not part of what it asks for, and not to be kept.
_CREDENTIALS = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


@dataclass(frozen=True, slots=True)
class PushedResponse:
    """The reference (section 2.2)."""

    request_uri: str
    expires_in: int

    def members(self) -> dict[str, object]:
        """Return the members of the JSON answer."""
        return {"request_uri": self.request_uri, "expires_in": self.expires_in}


@dataclass(frozen=True, slots=True)
class PushedRequests:
    """Takes requests from authenticated clients, and gives them back by reference."""

    store: AuthorizationRequestStore
    objects: RequestObjects
    resources: Resources
    clock: Clock

    def push(self, parameters: Parameters, client: Client, dpop_jkt: str | None = None) -> PushedResponse:
        """Check a request as the authorization endpoint would, and keep it.

        Args:
            parameters: what the client sent.
            client: who it has proved to be.
            dpop_jkt: thumbprint of the key of a DPoP proof that came along (RFC 9449, section 10.1).

        Raises:
            OAuthError: when the authorization endpoint would refuse it (section 2.3).

        """
        waiting = self._waiting(parameters, client, dpop_jkt)
        target = read_target(waiting.parameters, client)
        request = read_request(waiting.parameters, client, target, waiting.provenance)
        self.resources.audience_of(client, request.resources)
        token = new_token(_PREFIX)
        self.store.add(
            StoredRequest(
                digest=token.digest,
                kind=RequestKind.PUSHED,
                client_id=client.id,
                request=waiting,
                expires_at=self.clock() + LIFETIME_SECONDS,
            )
        )
        return PushedResponse(REQUEST_URI + token.text, LIFETIME_SECONDS)

    def find(self, request_uri: str, client: Client) -> StoredRequest:
        """Return the request of a reference; it stays there until it is answered.

        Raises:
            OAuthError: when the reference is unknown, expired, used up, or another client's (section 4).

        """
        digest = digest_of(request_uri.removeprefix(REQUEST_URI), prefix=_PREFIX)
        stored = self.store.find(RequestKind.PUSHED, digest, self.clock()) if digest is not None else None
        if stored is None or stored.client_id != client.id or not request_uri.startswith(REQUEST_URI):
            raise OAuthError(ErrorCode.INVALID_REQUEST_URI, "The request_uri is unknown, expired or used up.")
        return stored

    def _waiting(self, parameters: Parameters, client: Client, dpop_jkt: str | None) -> WaitingRequest:
        if "request_uri" in parameters:
            raise InvalidRequest("A request_uri cannot be pushed.")
        if parameters.get("client_id") not in {None, client.id}:
            raise InvalidRequest("The client_id is that of another client.")
        signed = parameters.get("request")
        content = self.objects.read(signed, client) if signed is not None else parameters
        return WaitingRequest(
            parameters=_bound_to(dpop_jkt, _without_credentials(content)),
            provenance=Provenance(pushed=True, signed=signed is not None),
        )


def _without_credentials(parameters: Parameters) -> Parameters:
    return Parameters({name: values for name, values in parameters.values.items() if name not in _CREDENTIALS})


def _bound_to(dpop_jkt: str | None, parameters: Parameters) -> Parameters:
    if dpop_jkt is None:
        return parameters
    if parameters.get("dpop_jkt") not in {None, dpop_jkt}:
        raise InvalidRequest("The dpop_jkt is not that of the DPoP proof.")
    return Parameters({**parameters.values, "dpop_jkt": (dpop_jkt,)})
