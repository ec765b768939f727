"""All JOSE of the project goes through this package: keys, compact signatures, and the limits put on both.

A key says which algorithm it is for; a token only may agree. Nothing here fetches, reads a clock, or judges claims.

* `generate_signing_key`, `SigningKey.from_jwk`, `shared_secret_key`: keys that sign.
* `sign(claims, key, typ="at+jwt")`: a compact JWS.
* `import_key`, `import_key_set`: keys that verify, checked as they come in.
* `verify(token, key, typ={"at+jwt"})`: the checked content, or `JoseError`.
* `parse_compact`: the same in steps, for a caller who must choose the key by what the token says.

It wraps joserfc, which by itself accepts duplicate members, `b64: false`, an empty `crit` and any `typ`.
"""

from gapura.jose.algorithms import ALGORITHMS, Algorithm
from gapura.jose.compact import CompactJws, JwsHeader, JwsLimits, parse_compact, parse_compact_with_embedded_key
from gapura.jose.encoding import decode_base64url, encode_base64url, parse_json_object
from gapura.jose.errors import InvalidJwsError, InvalidKeyError, JoseError
from gapura.jose.keys import VerificationKey, import_key, import_key_set
from gapura.jose.signing import (
    SharedSecretKey,
    SigningKey,
    generate_signing_key,
    shared_secret_key,
    sign,
)
from gapura.jose.verifying import verify, verify_signature

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "CompactJws",
    "InvalidJwsError",
    "InvalidKeyError",
    "JoseError",
    "JwsHeader",
    "JwsLimits",
    "SharedSecretKey",
    "SigningKey",
    "VerificationKey",
    "decode_base64url",
    "encode_base64url",
    "generate_signing_key",
    "import_key",
    "import_key_set",
    "parse_compact",
    "parse_compact_with_embedded_key",
    "parse_json_object",
    "shared_secret_key",
    "sign",
    "verify",
    "verify_signature",
]
