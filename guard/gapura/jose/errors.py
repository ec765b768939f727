class JoseError(Exception):
    """What is wrong with a key or a token, as one sentence that never repeats what a stranger sent."""


class InvalidKeyError(JoseError):
    """A key that must not be used (RFC 7517, RFC 7518 section 3, RFC 8725 section 3.5)."""


class InvalidJwsError(JoseError):
    """A compact JWS that must not be believed (RFC 7515, RFC 8725)."""
