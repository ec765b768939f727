import hashlib
import hmac

from gapura.jose import encode_base64url


class NonceSource:
    """Nonces of RFC 9449 section 8 without storage: each is a time, authenticated with a secret.

    Every process that has the secret accepts what the others hand out, for `lifetime` seconds.
    """

    def __init__(self, secret: bytes, *, lifetime: float = 300.0) -> None:
        self._secret = secret
        self._lifetime = lifetime

    def issue(self, now: float) -> str:
        """Make a nonce."""
        return self._nonce(int(now))

    def accepts(self, nonce: str | None, now: float) -> bool:
        """Tell whether a nonce was handed out here and is still young enough."""
        nonce = nonce or ""
        try:
            moment = int(nonce.partition("-")[0], 16)
        except ValueError:
            return False
        genuine = hmac.compare_digest(self._nonce(moment).encode(), nonce.encode())
        return genuine and 0 <= now - moment <= self._lifetime

    def _nonce(self, moment: int) -> str:
        digest = hmac.digest(self._secret, b"dpop-nonce:%d" % moment, hashlib.sha256)
        return f"{moment:x}-{encode_base64url(digest[:16])}"
