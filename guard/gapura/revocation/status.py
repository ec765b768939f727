from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RevocationStatus:
    """What an operator wants to know about an issuer's revocation lists, for /readyz and metrics.

    `age` is that of the oldest list in use, in seconds since it was last confirmed; None while no list is in use.
    A list that is older than the schedule allows, or could never be had, makes `is_stale` true: revocations may be
    missed until then, and routes that demand fresh ones answer 503.
    """

    issuer: str
    lists: int
    age: float | None
    is_stale: bool
    memory: int
    last_error: str | None

    def as_dict(self) -> dict[str, object]:
        """Give the status as JSON-ready members."""
        return {
            "issuer": self.issuer,
            "lists": self.lists,
            "age": None if self.age is None else round(self.age, 3),
            "stale": self.is_stale,
            "memory": self.memory,
            "last_error": self.last_error,
        }
