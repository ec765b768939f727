"""The two codes of the device flow, and what happens to them (RFC 8628).

The device asks again and again with a long secret, its *device code*; a person types a short *user code* on another
device. The user code is for fingers: no vowels, so that it spells no words, nothing that looks like something else, and
no difference between capital and small letters (section 6.1). It has 34 bits, so guessing is limited where it is typed.
"""

import secrets
from dataclasses import dataclass
from typing import Protocol

from gapura_auth.credentials import digest_of, new_token
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_chassis.clock import Timestamp

PREFIX = "gpr_dc"
LIFETIME = 600
FIRST_INTERVAL = 5
#: added to the interval of a device that asks too often (section 3.5)
SLOW_DOWN = 5

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_HALF = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDeviceCode:
    """What is kept of a device code: never the code itself."""

    digest: bytes
    user_code: str
    client_id: str
    scopes: frozenset[str]
    resources: tuple[str, ...] = ()
    interval: int = FIRST_INTERVAL
    expires_at: Timestamp
    #: when the device asked last
    polled_at: Timestamp | None = None
    #: the session that begins when somebody says yes
    session_id: str | None = None
    denied_at: Timestamp | None = None
    consumed_at: Timestamp | None = None

    def awaits_decision(self, now: Timestamp) -> bool:
        """Whether a person can still say yes or no."""
        return self.session_id is None and self.denied_at is None and now < self.expires_at

    def is_asked_too_soon(self, now: Timestamp) -> bool:
        """Whether the device did not wait as long as it was told to."""
        return self.polled_at is not None and now - self.polled_at < self.interval


class DeviceCodeStore(Protocol):
    """The device codes, within one transaction."""

    def add(self, code: StoredDeviceCode) -> bool:
        """Keep a new code; False when another one has its user code."""

    def find(self, digest: bytes) -> StoredDeviceCode | None:
        """Return the code with this SHA-256 digest."""

    def find_by_user_code(self, user_code: str) -> StoredDeviceCode | None:
        """Return the code that belongs to a user code, given in its canonical form."""

    def note_poll(self, digest: bytes, interval: int, now: Timestamp) -> None:
        """Note when the device asked, and how long it is to wait from now on."""

    def approve(self, digest: bytes, session: AuthorizedSession, now: Timestamp) -> bool:
        """Say yes and begin the session, in one step; False when somebody has decided, or it is too late."""

    def deny(self, digest: bytes, now: Timestamp) -> bool:
        """Say no; False when somebody has decided, or it is too late."""

    def consume(self, digest: bytes, now: Timestamp) -> bool:
        """Use an approved code up; False when somebody was first."""


@dataclass(frozen=True, slots=True)
class NewCodes:
    """The codes as they are told to the device, once."""

    device_code: str
    digest: bytes
    user_code: str


def new_codes() -> NewCodes:
    """Make a pair of codes."""
    token = new_token(PREFIX)
    return NewCodes(token.text, token.digest, "".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF)))


def device_code_digest(text: str) -> bytes | None:
    """Return what to look a device code up by; None where no code reads like that."""
    return digest_of(text, prefix=PREFIX)


def shown(user_code: str) -> str:
    """Return a user code as it is read out: `WDJB-MJHT`."""
    return f"{user_code[:_HALF]}-{user_code[_HALF:]}"


def canonical_user_code(text: str) -> str | None:
    """Return what somebody typed as it is kept: hyphens, blanks and case do not matter; None where it is no code."""
    letters = "".join(character for character in text.upper() if character not in "- \t")
    return letters if len(letters) == 2 * _HALF and set(letters) <= set(_LETTERS) else None
