"""Calls from web pages of other origins: allowed for exactly the origins that the operator named (the Fetch standard).

No cookies are ever involved, so credentials are not allowed; tokens travel in the Authorization header.
"""

from collections.abc import Collection

from flask import Flask, Response, request

ALLOWED_HEADERS = "Authorization, Content-Type, DPoP, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
EXPOSED_HEADERS = "DPoP-Nonce, ETag, Location, Retry-After, WWW-Authenticate, X-Request-ID"
PREFLIGHT_SECONDS = "600"


def allow_origins(app: Flask, origins: Collection[str]) -> None:
    """Let pages of these origins (`https://app.example.com`, compared exactly) call the application."""
    allowed = frozenset(origins)
    if not allowed:
        return

    def add_headers(response: Response) -> Response:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
                response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
                response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
        return response

    app.after_request(add_headers)
