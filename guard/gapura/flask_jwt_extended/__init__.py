"""The vocabulary of Flask-JWT-Extended, for a resource service that changes one import line.

    from gapura.flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

`JWTManager(app)` believes the issuer of GAPURA_ISSUER, and tokens under `app.config["JWT_SECRET_KEY"]` beside them
where both are set: that is how a team moves. Bodies are those that clients know; status codes are those of RFC 6750
(401 where it was 422, 400 for a broken header). What is not here on purpose: making tokens, which is the issuer's
business; tokens in addresses, which end up in logs; and the arguments that switch a check off.

It protects only what says `@jwt_required()`, as it always did. `gapura.Guard` protects everything else too.
"""

from gapura.flask_jwt_extended.manager import JWTManager
from gapura.flask_jwt_extended.protection import jwt_required, verify_jwt_in_request
from gapura.flask_jwt_extended.state import (
    current_user,
    get_current_user,
    get_jwt,
    get_jwt_header,
    get_jwt_identity,
)

__all__ = [
    "JWTManager",
    "current_user",
    "get_current_user",
    "get_jwt",
    "get_jwt_header",
    "get_jwt_identity",
    "jwt_required",
    "verify_jwt_in_request",
]
