"""The pushed authorization request endpoint (RFC 9126)."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from gapura_auth.oauth.client_authentication import ClientAuthenticator
from gapura_auth.oauth.pushed_requests import PushedRequests
from gapura_auth.web.oauth_requests import read_client_request
from gapura_chassis.api import json_response, post

ADDRESS = "/oauth/par"


@dataclass(frozen=True, slots=True)
class PushedRequestViews:
    """Views for clients."""

    authenticator: ClientAuthenticator
    pushed: PushedRequests

    @post(ADDRESS, "Push an authorization request", {201: None, 400: None, 401: None}, public=True)
    def push(self) -> Response:
        """Keep an authorization request and return a reference to it, which is good for a short time and one use."""
        sent = read_client_request(request)
        client = self.authenticator.authenticate(sent.credentials, sent.parameters)
        pushed = self.pushed.push(sent.parameters, client)
        return json_response(pushed.members(), HTTPStatus.CREATED, {"Cache-Control": "no-store"})
