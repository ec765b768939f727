"""Calls from the pages of browser clients: each client's own origins may read what is answered to it (Fetch standard).

No cookie is ever looked at behind these addresses, so a preflight gives nothing away and may come from anywhere; the
answer itself can be read only by a page on an origin that the client has a redirect URI on. What is public anyway may
be read by every page.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from gapura_auth.oauth.client_authentication import LONGEST_CLIENT_ID, Clients
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.discovery import AUTHORIZATION_SERVER, OPENID_CONFIGURATION
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.issued_tokens import IssuedTokens
from gapura_auth.web.oauth_requests import read_form
from gapura_auth.web.token_views import REVOKE, TOKEN
from gapura_auth.web.userinfo_views import USERINFO
from gapura_chassis.cors import ALLOWED_HEADERS, EXPOSED_HEADERS, PREFLIGHT_SECONDS

PUBLIC = frozenset({"/.well-known/jwks.json", OPENID_CONFIGURATION, AUTHORIZATION_SERVER})
OF_CLIENTS = frozenset({TOKEN, REVOKE, USERINFO})


def allow_origins_of_clients(app: Flask, clients: Clients, issued: IssuedTokens) -> None:
    """Let the pages of registered clients read the answers of the protocol's endpoints."""

    def add_headers(response: Response) -> Response:
        origin = request.headers.get("Origin")
        if request.path in PUBLIC:
            return _allow(response, "*")
        if request.path not in OF_CLIENTS:
            return response
        response.vary.add("Origin")
        if origin is not None and _may_read(origin, lambda: _client(clients, issued)):
            return _allow(response, origin)
        return response

    app.after_request(add_headers)


def origins_of(client: Client) -> frozenset[str]:
    """Return the web origins of a client's redirect URIs (RFC 6454)."""
    parts = (urlsplit(uri) for uri in client.redirect_uris)
    return frozenset(f"{one.scheme}://{one.netloc}" for one in parts if one.scheme in {"http", "https"})


def _may_read(origin: str, client: Callable[[], Client | None]) -> bool:
    if request.method == "OPTIONS":
        return True
    present = client()
    return present is not None and present.is_public and origin in origins_of(present)


def _client(clients: Clients, issued: IssuedTokens) -> Client | None:
    client_id: str | None
    if request.path == USERINFO:
        token = issued.read(request.headers.get("Authorization", "").partition(" ")[2])
        client_id = token.client_id if token is not None else None
    else:
        client_id = _named_client()
    return clients.find(client_id) if client_id is not None and len(client_id) <= LONGEST_CLIENT_ID else None


def _named_client() -> str | None:
    """Return the client that the form names; None where there is no form that can be read."""
    try:
        return read_form(request).get("client_id")
    except (OAuthError, HTTPException):
        return None


def _allow(response: Response, origin: str) -> Response:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return response
