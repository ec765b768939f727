"""Slots: one number per session, which names a list and a bit in it (draft-ietf-oauth-status-list).

A slot is borrowed until the last access token of its session has expired, and lent again some time later. So the lists
are as long as the number of sessions that were active in the last minutes, not as the number there ever were.
"""

from dataclasses import dataclass

#: Bits in one list: 16 kB in a guard's memory, so a million active sessions take 125 kB.
LIST_SIZE = 2**17

#: Seconds that a slot rests after its last token has expired: longer than any guard keeps an old list.
REST = 900.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the lists."""

    number: int

    @property
    def list_number(self) -> int:
        """Which list."""
        return self.number // LIST_SIZE

    @property
    def index(self) -> int:
        """Which bit in that list."""
        return self.number % LIST_SIZE


def list_address(issuer: str, list_number: int) -> str:
    """Return where a list is published; tokens name it as `uri`."""
    return f"{issuer}/status-lists/{list_number}"
