"""Plain Flask, once with nothing in front of the route and once with our guard: what the guard alone costs."""

from flask import Flask, Response, jsonify

from bench.peers.answer import answer
from bench.peers.trust import USERNAME, Trust
from gapura import Guard, GuardSettings, current_token


def unguarded() -> Flask:
    """Return the application without any check."""
    app = Flask("bare")

    @app.get("/products")
    def products() -> Response:
        return jsonify(answer(USERNAME))

    return app


def guarded() -> Flask:
    """Return the same application behind our guard: keys and revocations are fetched from the issuer."""
    trust = Trust.from_environment()
    app = Flask("bare")
    Guard(app, verifier=GuardSettings(issuer=trust.issuer, audience=trust.audience).verifier())

    @app.get("/products")
    def products() -> Response:
        return jsonify(answer(current_token.username))

    return app
