"""FastAPI with PyJWT: a security dependency decodes the token; all of it is async, which is its fastest form."""

import os
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bench.peers.answer import answer
from bench.peers.trust import Trust

ALGORITHM = os.environ["BENCH_ALGORITHM"]
TRUST = Trust.from_environment()
KEY: Any = TRUST.secret if ALGORITHM == "HS256" else jwt.PyJWK(dict(TRUST.public_jwk)).key
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def current_claims(credentials: Credentials) -> dict[str, Any]:
    """Return the claims of a good token."""
    try:
        token = credentials.credentials if credentials else ""
        return jwt.decode(token, KEY, algorithms=[ALGORITHM], issuer=TRUST.issuer, audience=TRUST.audience)
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, str(error), {"WWW-Authenticate": "Bearer"}) from None


async def products(claims: Annotated[dict[str, Any], Depends(current_claims)]) -> JSONResponse:
    """Return three products."""
    return JSONResponse(answer(claims["sub"]))


app = FastAPI()
app.add_api_route("/products", products)
