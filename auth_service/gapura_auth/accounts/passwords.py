"""Hashing and checking passwords, in the bounded number of slots that a login storm may use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gapura_auth.accounts.errors import TooManyLogins
from gapura_auth.credentials import (
    HashingSlots,
    PasswordHasher,
    TooBusy,
    UnacceptablePassword,
    Verification,
    check_password,
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Every use of a password hash goes through here."""

    hasher: PasswordHasher
    slots: HashingSlots
    minimum_length: int

    def reasons_against(self, password: str, *, context: tuple[str, ...]) -> tuple[str, ...]:
        """Return why a new password is not acceptable; nothing when it is (NIST SP 800-63B-4, section 3.1.1.2)."""
        try:
            check_password(password, context=context, minimum=self.minimum_length)
        except UnacceptablePassword as error:
            return error.reasons
        return ()

    def hash(self, password: str) -> str:
        """Return the hash of a new password.

        Raises:
            TooManyLogins: when every slot is taken and the queue is full.

        """
        with self.slot():
            return self.hash_in_slot(password)

    def hash_in_slot(self, password: str) -> str:
        """Return the hash of a password; for who holds a `slot` already."""
        return self.hasher.hash(password)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold a hashing slot; `verify` and `hash_in_slot` are to be called inside.

        Raises:
            TooManyLogins: when every slot is taken and the queue is full.

        """
        try:
            with self.slots.acquire():
                yield
        except TooBusy as error:
            raise TooManyLogins(error.retry_after) from None

    def verify(self, stored: str | None, password: str) -> Verification:
        """Compare a password; for an account without one, or none at all, at the same cost."""
        if stored is None:
            return self.hasher.verify_absent(password)
        return self.hasher.verify(stored, password)
