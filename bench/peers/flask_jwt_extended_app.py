"""Flask with Flask-JWT-Extended, as its documentation shows it, checking issuer and audience as the others do."""

from datetime import timedelta

from flask import Flask, Response, jsonify
from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

from bench.peers.answer import answer
from bench.peers.trust import Trust


def create_app() -> Flask:
    """Return the application."""
    trust = Trust.from_environment()
    app = Flask("peer")
    app.config.update(
        JWT_SECRET_KEY=trust.secret,
        JWT_DECODE_ISSUER=trust.issuer,
        JWT_DECODE_AUDIENCE=trust.audience,
        JWT_DECODE_LEEWAY=timedelta(0),
    )
    JWTManager(app)

    @app.get("/products")
    @jwt_required()  # type: ignore[untyped-decorator] # the library leaves it so
    def products() -> Response:
        return jsonify(answer(get_jwt_identity()))

    return app
