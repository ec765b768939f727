from dataclasses import dataclass
from enum import Enum


class KeySetState(Enum):
    """How well a process knows an issuer's keys, from best to worst."""

    FRESH = "fresh"
    """Fetched, and the last refresh succeeded: nothing to do."""
    STALE = "stale"
    """The last refresh failed; the keys known before still verify tokens. Look at the issuer."""
    STORED = "stored"
    """Read from the copy on disk, and not fetched since this process started. Look at the issuer."""
    EMPTY = "empty"
    """No keys: every token is answered with 503 until a fetch succeeds."""


@dataclass(frozen=True, slots=True)
class KeySetStatus:
    """What an operator wants to know about a key set, for /readyz and metrics. `age` is in seconds, since the fetch."""

    url: str
    state: KeySetState
    keys: int
    age: float | None
    last_error: str | None

    @property
    def is_ready(self) -> bool:
        """Whether tokens can be verified at all."""
        return self.state is not KeySetState.EMPTY

    def as_dict(self) -> dict[str, object]:
        """Give the status as JSON-ready members."""
        return {
            "url": self.url,
            "state": self.state.value,
            "keys": self.keys,
            "age": None if self.age is None else round(self.age, 3),
            "last_error": self.last_error,
        }
