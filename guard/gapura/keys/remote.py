import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from types import MappingProxyType
from urllib.parse import urlsplit

from gapura.background import Background, WorkerFactory
from gapura.clock import Clock
from gapura.errors import ConfigurationError, KeysUnavailableError
from gapura.fetch import Fetch, Fetched, FetchError, HttpFetch
from gapura.jose import JoseError, VerificationKey, import_key_set, parse_json_object
from gapura.keys.disk_copy import DiskCopy
from gapura.keys.schedule import RefreshSchedule
from gapura.keys.static import index_keys
from gapura.keys.status import KeySetState, KeySetStatus

logger = logging.getLogger(__name__)
MAX_JWKS_BYTES = 256 * 1024
OVERDUE = 1.5


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What is known at one moment; replaced as a whole, so that readers need no lock."""

    keys: Mapping[str | None, VerificationKey] = field(default_factory=dict)
    fetched_at: float = -inf
    etag: str | None = None
    state: KeySetState = KeySetState.EMPTY
    error: str | None = None
    failures: int = 0
    tried_at: float = -inf
    good_until: float = -inf
    """Until then a request takes a key and asks nothing further."""


class RemoteKeySet:
    """An issuer's published JWK Set, kept fresh in the background, that cannot take a service down.

    A request reads memory only, with two bounded exceptions: the first one of a process, and the first within a
    cooldown that names an unknown key. A failed refresh keeps the keys there are; a broken, weak or empty set replaces
    nothing. After `keep_for` without success keys are no longer believed.
    """

    def __init__(  # noqa: PLR0913 - one configuration, and three things that tests put in place of the world
        self,
        url: str,
        *,
        schedule: RefreshSchedule | None = None,
        disk_copy: DiskCopy | None = None,
        fetch: Fetch | None = None,
        clock: Clock = time.time,
        worker: WorkerFactory = Background,
    ) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ConfigurationError(f"The address of the keys {url!r} is not an http(s) URL.")
        self.url = url
        self._schedule = schedule or RefreshSchedule()
        self._disk_copy = disk_copy
        self._fetch = fetch or HttpFetch(accept="application/jwk-set+json, application/json", max_bytes=MAX_JWKS_BYTES)
        self._now = clock
        self._snapshot = _Snapshot()
        self._last_search = -inf
        self._worker = worker(self.refresh, "gapura-keys")

    def start(self) -> None:
        """Begin to fetch now rather than at the first request."""
        self._worker.start()

    def find(self, kid: str | None) -> VerificationKey | None:
        """Give the key of this name, or None; without a name, the only key there is.

        Raises `KeysUnavailableError` when no keys are known, or those known are too old to be believed.
        """
        if self._now() >= self._snapshot.good_until:
            self._attend()
        key = self._snapshot.keys.get(kid)
        return self._search(kid) if key is None else key

    def status(self) -> KeySetStatus:
        """Say how well the keys are known, and begin to fetch them if nobody has."""
        self._worker.start()
        snapshot = self._snapshot
        usable = self._is_usable()
        return KeySetStatus(
            url=self.url,
            state=snapshot.state if usable else KeySetState.EMPTY,
            keys=len(set(snapshot.keys.values())) if usable else 0,
            age=self._now() - snapshot.fetched_at if snapshot.keys else None,
            last_error=snapshot.error,
        )

    def refresh(self) -> float:
        """Fetch once, now, and answer in how many seconds the next refresh is due."""
        before = self._snapshot
        try:
            self._take(self._fetch(self.url, etag=before.etag))
        except (FetchError, JoseError) as error:
            self._keep(before, str(error))
            return self._schedule.pause_after(before.failures)
        return self._schedule.every

    def _is_usable(self) -> bool:
        return self._now() - self._snapshot.fetched_at < self._schedule.keep_for

    def _attend(self) -> None:
        # The first request of a process, a refresh that is overdue, or a child whose thread was left behind at a fork.
        self._worker.start()
        if not self._is_usable():
            self._wait_for_keys()

    def _wait_for_keys(self) -> None:
        # While the issuer is away, one request in each pause finds out, and the others are answered at once.
        if self._now() - self._snapshot.tried_at >= self._schedule.retry:
            self._worker.wake(self._schedule.patience)
        if not self._is_usable():
            raise KeysUnavailableError

    def _search(self, kid: str | None) -> VerificationKey | None:
        # A stranger can name as many unknown keys as he likes: only the first within the cooldown causes a fetch.
        now = self._now()
        if kid is None or now - self._last_search < self._schedule.cooldown:
            return None
        self._last_search = now
        self._worker.wake(self._schedule.patience)
        return self._snapshot.keys.get(kid)

    def _take(self, fetched: Fetched) -> None:
        before, now = self._snapshot, self._now()
        keys = before.keys if fetched.body is None else _read_keys(fetched.body)
        self._snapshot = _Snapshot(
            keys, now, fetched.etag or before.etag, KeySetState.FRESH, good_until=now + OVERDUE * self._schedule.every
        )
        if keys != before.keys:
            logger.info("Keys of %s: %s", self.url, ", ".join(sorted({key.kid or "-" for key in keys.values()})))
        elif before.state is not KeySetState.FRESH:
            logger.info("Keys of %s can be fetched again.", self.url)
        if self._disk_copy and fetched.body is not None:
            self._disk_copy.save(self.url, fetched.body, now)

    def _keep(self, before: _Snapshot, error: str) -> None:
        known = before if before.keys else self._load()
        state = KeySetState.STALE if known.state is KeySetState.FRESH else known.state
        failures, now = before.failures + 1, self._now()
        self._snapshot = replace(known, state=state, error=error, failures=failures, tried_at=now, good_until=-inf)
        if before.failures == 0:
            logger.warning("Keys of %s are %s: %s", self.url, state.value, error)

    def _load(self) -> _Snapshot:
        stored = self._disk_copy.load(self.url) if self._disk_copy else None
        if stored is None:
            return _Snapshot()
        try:
            return _Snapshot(_read_keys(stored[0]), stored[1], state=KeySetState.STORED)
        except JoseError:
            return _Snapshot()


def _read_keys(body: bytes) -> Mapping[str | None, VerificationKey]:
    return MappingProxyType(index_keys(import_key_set(parse_json_object(body))))
