from gapura.jose import SharedSecretKey, VerificationKey, shared_secret_key


class SharedSecret:
    """A secret of at least 32 bytes that every service holds: the key set of the compatibility mode."""

    def __init__(self, secret: str | bytes) -> None:
        self.signing_key: SharedSecretKey = shared_secret_key(secret)
        self._key = self.signing_key.verification_key

    def find(self, kid: str | None) -> VerificationKey | None:  # noqa: ARG002 - one secret, whatever it is called
        """Give the secret's key: it has no name."""
        return self._key
