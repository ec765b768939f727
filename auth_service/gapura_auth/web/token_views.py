"""The endpoints that clients call themselves: tokens, device codes, introspection, revocation."""

from dataclasses import dataclass

from flask import Response, request

from gapura_auth.oauth.device_authorization import DeviceAuthorization
from gapura_auth.oauth.introspection import INTROSPECTION_TYPE, Introspection
from gapura_auth.oauth.key_binding import PresentedKeys
from gapura_auth.oauth.revocation import Revocation
from gapura_auth.oauth.token_endpoint import TokenEndpoint, TokenRequest
from gapura_auth.web.oauth_requests import ClientRequest, read_client_request
from gapura_chassis.api import json_response, post
from gapura_chassis.api.routes import Answers

TOKEN, INTROSPECT, REVOKE = "/oauth/token", "/oauth/introspect", "/oauth/revoke"
DEVICE_AUTHORIZATION = "/oauth/device_authorization"

#: RFC 6749, section 5.1
NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}

_ANSWERS: Answers = {200: None, 400: None, 401: None}


@dataclass(frozen=True, slots=True)
class TokenViews:
    """Views for clients."""

    endpoint: TokenEndpoint
    devices: DeviceAuthorization
    introspection: Introspection
    revocation: Revocation

    @post(TOKEN, "Exchange a grant for tokens", _ANSWERS, public=True)
    def token(self) -> Response:
        """Exchange a code, a refresh token or whatever else the client may for tokens (RFC 6749, section 3.2)."""
        asked = read_client_request(request)
        answer = self.endpoint.answer(TokenRequest(asked.parameters, asked.credentials, presented_keys(asked)))
        headers = {"DPoP-Nonce": answer.dpop_nonce} if answer.dpop_nonce is not None else {}
        return json_response(answer.members(), headers=NEVER_STORED | headers)

    @post(DEVICE_AUTHORIZATION, "Begin on a device without a browser", _ANSWERS, public=True)
    def device_authorization(self) -> Response:
        """Return a code for the device and a short one for its owner (RFC 8628, section 3.1)."""
        asked = read_client_request(request)
        answer = self.devices.answer(asked.credentials, asked.parameters)
        return json_response(answer.members(), headers=NEVER_STORED)

    @post(INTROSPECT, "Ask about a token", _ANSWERS, public=True)
    def introspect(self) -> Response:
        """Tell whether a token is good, and what it says (RFC 7662); signed where that is asked for (RFC 9701)."""
        asked = read_client_request(request)
        client, content = self.introspection.answer(asked.credentials, asked.parameters)
        if _accepts_signed():
            content_type = f"application/{INTROSPECTION_TYPE}"
            text = self.introspection.signed(client, content)
            return Response(text, content_type=content_type, headers=NEVER_STORED)
        return json_response(content, headers=NEVER_STORED)

    @post(REVOKE, "Give a token back", _ANSWERS, public=True)
    def revoke(self) -> Response:
        """End the session that a token belongs to (RFC 7009)."""
        asked = read_client_request(request)
        self.revocation.revoke(asked.credentials, asked.parameters)
        return Response(status=200, content_type="application/json", headers=NEVER_STORED)


def presented_keys(asked: ClientRequest) -> PresentedKeys:
    """Return the keys that a client's request shows possession of."""
    return PresentedKeys(asked.dpop_proofs, asked.credentials.certificate)


def _accepts_signed() -> bool:
    """Whether the caller names the signed form: `*/*` does not mean it (RFC 9701, section 4)."""
    return any(name == f"application/{INTROSPECTION_TYPE}" for name, _ in request.accept_mimetypes)
