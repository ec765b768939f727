from typing import Protocol

from gapura.jose import VerificationKey


class KeySet(Protocol):
    """Where a verifier finds an issuer's keys: fixed, fetched, or a shared secret."""

    def find(self, kid: str | None) -> VerificationKey | None:
        """Give the key of this name, or None; without a name, the only key there is.

        Raises `KeysUnavailableError` when the keys are not known at all.
        """
