from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollSchedule:
    """When lists are fetched and how old they may be, in seconds."""

    every: float = 1.0
    stale_after: float = 10.0
    """The greatest age with which revocations count as up to date."""
    patience: float = 1.0
    """How long the first request that names a list waits for it."""
    forget_after: float = 3600.0
    """How long a list is followed after the last token that named it."""
