from dataclasses import dataclass

MAX_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class RefreshSchedule:
    """When keys are fetched, in seconds."""

    every: float = 60.0
    retry: float = 0.5
    """The pause after a first failure; it doubles with each up to `every`."""
    keep_for: float = 24 * 3600.0
    """How long keys are believed after the last successful fetch: longer than any token lives."""
    cooldown: float = 10.0
    """The least time between two fetches that an unknown key name may cause."""
    patience: float = 1.0
    """How long one request waits for keys that are being fetched."""

    def pause_after(self, failures: int) -> float:
        """Say how long to wait after one more failure than this."""
        return min(self.retry * 2.0 ** min(failures, MAX_DOUBLINGS), self.every)
