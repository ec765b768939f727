"""With the real Flask-JWT-Extended, in both directions, under one secret (contract, item 6)."""

import datetime as dt
import time

import pytest
from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, get_jwt_identity, jwt_required

from gapura import Guard, SharedSecret, SharedSecretIssuer, Verifier, current_token
from gapura.jose import sign

SECRET = "a shared secret of more than 32 bytes"


@pytest.fixture
def theirs():
    app = Flask("theirs")
    app.config["JWT_SECRET_KEY"] = SECRET
    JWTManager(app)

    @app.get("/who")
    @jwt_required()
    def who():
        return {"user": get_jwt_identity()}

    return app


@pytest.fixture
def ours():
    issuer = SharedSecretIssuer(SharedSecret(SECRET), "http://127.0.0.1:5000", "gapura")
    app = Flask("ours")
    Guard(app, verifier=Verifier([issuer]))

    @app.get("/who")
    def who():
        return {"user": current_token.username}

    return app


def ask(app, token):
    return app.test_client().get("/who", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "options", [{}, {"fresh": True}, {"fresh": dt.timedelta(minutes=5)}, {"additional_claims": {"scope": "a"}}]
)
def test_we_accept_what_it_issues(theirs, ours, options):
    with theirs.app_context():
        token = create_access_token("user1", **options)
    assert ask(ours, token).json == ask(theirs, token).json == {"user": "user1"}


def test_it_accepts_what_is_issued_here(theirs, ours):
    now = int(time.time())
    claims = {"sub": "user1", "iss": "http://127.0.0.1:5000", "aud": "gapura", "iat": now, "nbf": now, "exp": now + 600}
    token = sign(claims | {"jti": "1", "type": "access", "fresh": False}, SharedSecret(SECRET).signing_key, typ="JWT")
    assert ask(ours, token).json == ask(theirs, token).json == {"user": "user1"}


def test_both_refuse_its_refresh_and_expired_tokens(theirs, ours):
    with theirs.app_context():
        refresh = create_refresh_token("user1")
        expired = create_access_token("user1", expires_delta=dt.timedelta(seconds=-1))
        eternal = create_access_token("user1", expires_delta=False)
    assert ask(ours, refresh).json == ask(theirs, refresh).json == {"msg": "Only non-refresh tokens are allowed"}
    assert ask(ours, expired).json == ask(theirs, expired).json == {"msg": "Token has expired"}
    assert ask(ours, eternal).status_code == 401


def test_without_a_header_both_answer_alike(theirs, ours):
    answers = [app.test_client().get("/who") for app in (theirs, ours)]
    assert answers[0].json == answers[1].json == {"msg": "Missing Authorization Header"}
    assert answers[0].status_code == answers[1].status_code == 401
