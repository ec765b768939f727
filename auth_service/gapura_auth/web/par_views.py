"""The pushed authorization request endpoint (RFC 9126)."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from gapura_auth.oauth.client_authentication import ClientAuthenticator
from gapura_auth.oauth.key_binding import PresentedKeys, ProofReader
from gapura_auth.oauth.pushed_requests import PushedRequests
from gapura_auth.web.oauth_requests import read_client_request
from gapura_chassis.api import json_response, post

ADDRESS = "/oauth/par"


@dataclass(frozen=True, slots=True)
class PushedRequestViews:
    """Views for clients."""

    authenticator: ClientAuthenticator
    pushed: PushedRequests
    proofs: ProofReader
    issuer: str

    @post(ADDRESS, "Push an authorization request", {201: None, 400: None, 401: None}, public=True)
    def push(self) -> Response:
        """Keep an authorization request and return a reference to it, which is good for a short time and one use."""
        sent = read_client_request(request)
        client = self.authenticator.authenticate(sent.credentials, sent.parameters)
        presented = PresentedKeys(sent.dpop_proofs, sent.credentials.certificate)
        # a proof that comes along binds the code to its key (RFC 9449, section 10.1)
        thumbprint = self.proofs.thumbprint(presented, "POST", f"{self.issuer}{ADDRESS}")
        pushed = self.pushed.push(sent.parameters, client, thumbprint)
        return json_response(pushed.members(), HTTPStatus.CREATED, {"Cache-Control": "no-store"})
