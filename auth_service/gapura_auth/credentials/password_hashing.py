import secrets
from dataclasses import dataclass

import argon2
from argon2.exceptions import Argon2Error, VerifyMismatchError

from gapura_auth.credentials.errors import UnacceptablePassword
from gapura_auth.credentials.password_text import prepare_password


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """What one Argon2id hash costs (RFC 9106). The defaults are OWASP's: about 27 ms on our machine."""

    memory_kib: int = 19_456
    time_cost: int = 2
    parallelism: int = 1


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a password was right, and whether its hash should be made anew with the parameters of today."""

    ok: bool
    needs_rehash: bool


_REFUSED = Verification(ok=False, needs_rehash=False)
_RECOMMENDED = Argon2Parameters()


class PasswordHasher:
    """Argon2id over the normalised password. It applies no policy: ``check_password`` does, before a new one is set.

    Every call but a refused length costs one hash, and so belongs in a hashing slot.
    """

    def __init__(self, parameters: Argon2Parameters = _RECOMMENDED) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=parameters.time_cost, memory_cost=parameters.memory_kib, parallelism=parameters.parallelism
        )
        self._nobodys_hash = self._argon2.hash(secrets.token_bytes(32))

    def hash(self, password: str) -> str:
        """Return the hash to store, in the PHC format; raises ``UnacceptablePassword`` for what cannot be hashed."""
        return self._argon2.hash(prepare_password(password))

    def verify(self, stored: str, password: str) -> Verification:
        """Compare a password with a stored hash. Never raises: a malformed hash is a wrong password, at full cost."""
        try:
            prepared = prepare_password(password)
        except UnacceptablePassword:
            return _REFUSED
        ok = self._matches(stored, prepared)
        return Verification(ok=ok, needs_rehash=ok and self._argon2.check_needs_rehash(stored))

    def verify_absent(self, password: str) -> Verification:
        """Refuse, in the time that a wrong password for an existing account takes, for an account that is not there."""
        self.verify(self._nobodys_hash, password)
        return _REFUSED

    def _matches(self, stored: str, prepared: str) -> bool:
        try:
            return self._argon2.verify(stored, prepared)
        except VerifyMismatchError:
            return False
        except (Argon2Error, ValueError):
            # An account without a usable hash must not answer faster than the others.
            return stored != self._nobodys_hash and self._matches(self._nobodys_hash, prepared)
