from collections.abc import Mapping
from typing import Final

from gapura.jose.encoding import decode_base64url
from gapura.jose.errors import InvalidJwsError, InvalidKeyError
from gapura.jose.weak_rsa import weakness

SMALLEST_SECRET: Final = 32
_OPERATIONS = {"sign", "verify"}
_ED25519_PRIME = 2**255 - 19
_SIGN_OF_X = 1 << 255
_ORDINATE_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_ORDINATES = {0, 1, _ED25519_PRIME - 1, _ORDINATE_OF_ORDER_8, _ED25519_PRIME - _ORDINATE_OF_ORDER_8}
_KEY_FILE_MARKERS = (b"---- BEGIN ", b"-----BEGIN ", b"ssh-rsa ", b"ssh-dss ", b"ssh-ed25519 ", b"ecdsa-sha2-")


def check_operations(jwk: Mapping[str, object], operation: str) -> None:
    """Refuse a JWK whose `use` or `key_ops` is not for this operation, "sign" or "verify" (RFC 7517 section 4.3)."""
    operations = jwk.get("key_ops", [operation])
    if not isinstance(operations, list) or operation not in operations or not _OPERATIONS.issuperset(operations):
        raise InvalidKeyError("The JWK's key_ops say that it is not for signatures.")
    if jwk.get("use", "sig") != "sig":
        raise InvalidKeyError("The JWK's use says that it is not for signatures.")


def check_strength(jwk: Mapping[str, object]) -> None:
    """Refuse a JWK that is too weak, whoever made it (RFC 7518 sections 3.2 and 3.3)."""
    # Before the import, because joserfc only warns about a weak key.
    if jwk["kty"] == "oct":
        check_secret(_member(jwk, "k"))
    if jwk["kty"] == "RSA":
        reason = weakness(int.from_bytes(_member(jwk, "n")), int.from_bytes(_member(jwk, "e")))
        if reason:
            raise InvalidKeyError(f"The RSA key must not be used: {reason}.")
    if jwk["kty"] == "OKP" and _has_small_order(_member(jwk, "x")):
        raise InvalidKeyError(
            "The Ed25519 key must not be used: it is of small order, so that anybody can sign for it."
        )


def check_secret(secret: bytes) -> None:
    """Refuse a secret that is short, or that is a public key in disguise, with `InvalidKeyError`."""
    if len(secret) < SMALLEST_SECRET:
        raise InvalidKeyError(f"A shared secret needs at least {SMALLEST_SECRET} bytes, and this has {len(secret)}.")
    if any(marker in secret for marker in _KEY_FILE_MARKERS):
        raise InvalidKeyError("A shared secret must be secret: this is a key file that others may have.")


def _has_small_order(point: bytes) -> bool:
    # The eight points whose eightfold is the neutral one, by y; the highest bit is the sign of x.
    y = int.from_bytes(point, "little") & ~_SIGN_OF_X
    return y % _ED25519_PRIME in _SMALL_ORDER_ORDINATES


def _member(jwk: Mapping[str, object], name: str) -> bytes:
    value = jwk.get(name)
    try:
        return decode_base64url(value.encode() if isinstance(value, str) else b"=")
    except InvalidJwsError:
        raise InvalidKeyError("The JWK is not a valid key of its type.") from None
