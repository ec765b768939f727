from threading import Lock
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class TokenCache(Generic[Entry]):
    """What was found out about the tokens seen last: bounded, and read without a lock.

    Only verified tokens go in, so a stranger cannot fill it. The oldest goes first when it is full.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()
        self.get = self._entries.get
        """Give what was put in for a token, or None: the dictionary's own method, as this is asked on every request."""

    def put(self, token: str, entry: Entry) -> None:
        """Remember a token, and forget the oldest when there are too many."""
        with self._lock:
            self._entries[token] = entry
            while len(self._entries) > self._size:
                del self._entries[next(iter(self._entries))]

    def forget(self, token: str) -> None:
        """Forget a token, known or not."""
        with self._lock:
            self._entries.pop(token, None)

    def __len__(self) -> int:
        return len(self._entries)
