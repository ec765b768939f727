from threading import Lock


class ReplayCache:
    """Remembers what was used for at least `lifetime` seconds, in two generations, and never more than `size` of it.

    When it is full it remembers nothing new and says so: forgetting would let a stolen proof be used again.
    """

    def __init__(self, *, lifetime: float, size: int = 100_000) -> None:
        self._lifetime = lifetime
        self._size = size
        self._young: set[str] = set()
        self._old: set[str] = set()
        self._turned_at = float("-inf")
        self._lock = Lock()

    def is_full(self, now: float) -> bool:
        """Tell whether nothing more can be remembered at the moment."""
        with self._lock:
            self._turn(now)
            return len(self._young) + len(self._old) >= self._size

    def use(self, identifier: str, now: float) -> bool:
        """Remember an identifier; False means that it was used before."""
        with self._lock:
            self._turn(now)
            if identifier in self._young or identifier in self._old:
                return False
            self._young.add(identifier)
            return True

    def _turn(self, now: float) -> None:
        age = now - self._turned_at
        if age >= self._lifetime:
            self._old = self._young if age < 2 * self._lifetime else set()
            self._young = set()
            self._turned_at = now
