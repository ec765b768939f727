from dataclasses import dataclass

from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person who can log in."""

    id: str
    username: str
    username_canonical: str
    username_skeleton: str
    email: str | None
    email_canonical: str | None
    email_verified_at: Timestamp | None = None
    password_hash: str | None
    password_changed_at: Timestamp
    registered_from: str
    is_demo: bool = False
    created_at: Timestamp
    disabled_at: Timestamp | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether the account may be used."""
        return self.disabled_at is None
