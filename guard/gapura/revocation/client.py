import logging
import time
from dataclasses import dataclass, replace
from math import inf

from gapura.background import Background, Worker, WorkerFactory
from gapura.clock import Clock
from gapura.errors import GuardError, InvalidTokenError, RevocationsUnavailableError, RevokedTokenError
from gapura.fetch import Fetch, FetchError, HttpFetch
from gapura.jose import JoseError
from gapura.keys.key_set import KeySet
from gapura.revocation.document import LIST_LIMITS, is_under, read_document
from gapura.revocation.reference import StatusReference
from gapura.revocation.schedule import PollSchedule
from gapura.revocation.status import RevocationStatus
from gapura.revocation.status_list import STATUS_LIST_MEDIA_TYPE, StatusList

logger = logging.getLogger(__name__)
MAX_LISTS = 256
OVERDUE = 1.5


@dataclass(frozen=True, slots=True)
class _Followed:
    """What is known of one list; replaced as a whole, so that readers need no lock."""

    used_at: float
    status_list: StatusList | None = None
    confirmed_at: float = -inf
    tried_at: float = -inf
    etag: str | None = None
    error: str | None = None
    good_until: float = -inf
    """Until then a request reads its bit and asks nothing further."""


class RevocationLists:
    """The status lists of one issuer, followed in the background; a request reads one bit in memory.

    Only lists under the issuer's own address are ever fetched, and only those that its verified tokens name. While a
    list cannot be had, tokens are judged by its last copy (or, without any, as not revoked), except on routes that
    demand fresh revocations.
    """

    def __init__(  # noqa: PLR0913 - one configuration, and three things that tests put in place of the world
        self,
        issuer: str,
        keys: KeySet,
        *,
        schedule: PollSchedule | None = None,
        fetch: Fetch | None = None,
        clock: Clock = time.time,
        worker: WorkerFactory = Background,
    ) -> None:
        self.issuer = issuer
        self._keys = keys
        self._schedule = schedule or PollSchedule()
        self._fetch = fetch or HttpFetch(accept=STATUS_LIST_MEDIA_TYPE, max_bytes=LIST_LIMITS.total)
        self._now = clock
        self._lists: dict[str, _Followed] = {}
        self._named: set[str] = set()
        """Lists that tokens have named since the last poll: noted down without a look at the clock."""
        self._worker: Worker = worker(self.poll, "gapura-revocations")

    def check(self, reference: StatusReference, *, now: float, fresh: bool = False) -> None:
        """Raise `RevokedTokenError` for a revoked token.

        With `fresh`, raise `RevocationsUnavailableError` when the list is not known up to date.
        """
        self._named.add(reference.uri)
        followed = self._lists.get(reference.uri)
        if followed is None or now >= followed.good_until:
            followed = self._attend(reference.uri)
        if followed.status_list is not None:
            _read_bit(followed.status_list, reference.index)
        if fresh and self._is_stale(followed):
            raise RevocationsUnavailableError

    def poll(self) -> float:
        """Fetch every followed list once, and answer in how many seconds to do so again.

        A round that takes too long, because the issuer hangs, ends early; the next begins with the lists left over.
        """
        now = self._now()
        named, self._named = self._named, set()
        for uri, followed in sorted(self._lists.items(), key=_last_tried):
            if self._now() - now > self._schedule.stale_after / 2:
                break
            used_at = now if uri in named else followed.used_at
            if now - used_at > self._schedule.forget_after:
                del self._lists[uri]
            else:
                self._refresh(uri, replace(followed, used_at=used_at))
        return self._schedule.every

    def status(self) -> RevocationStatus:
        """Say how well the revocations are known."""
        lists = list(self._lists.values())
        oldest = min((followed.confirmed_at for followed in lists), default=None)
        return RevocationStatus(
            issuer=self.issuer,
            lists=len(lists),
            age=None if oldest is None else self._now() - oldest,
            is_stale=any(self._is_stale(followed) for followed in lists),
            memory=sum(len(followed.status_list.packed) for followed in lists if followed.status_list),
            last_error=next((followed.error for followed in lists if followed.error), None),
        )

    def _attend(self, uri: str) -> _Followed:
        # The first token of a list, a poll that is overdue, or a child whose thread was left behind at a fork.
        self._worker.start()
        followed = self._lists.get(uri) or self._follow(uri)
        # While the list cannot be had, one request a second waits for it, and the others go on at once.
        if followed.status_list is None and self._now() - followed.tried_at >= self._schedule.every:
            self._worker.wake(self._schedule.patience)
        return self._lists.get(uri, followed)

    def _follow(self, uri: str) -> _Followed:
        if not is_under(uri, self.issuer):
            raise InvalidTokenError("The token's status list is not its issuer's.")
        if len(self._lists) >= MAX_LISTS:
            raise RevocationsUnavailableError
        return self._lists.setdefault(uri, _Followed(used_at=self._now()))

    def _is_stale(self, followed: _Followed) -> bool:
        now = self._now()
        expires_at = followed.status_list.expires_at if followed.status_list else -inf
        return now - followed.confirmed_at > self._schedule.stale_after or now >= expires_at

    def _refresh(self, uri: str, followed: _Followed) -> None:
        try:
            fetched = self._fetch(uri, etag=followed.etag)
            status_list = (
                followed.status_list if fetched.body is None else self._read(uri, fetched.body, followed.status_list)
            )
        except (FetchError, JoseError, GuardError, ValueError) as error:
            if followed.error is None:
                logger.warning("Revocations of %s are not up to date: %s", uri, error)
            self._lists[uri] = replace(followed, tried_at=self._now(), error=str(error), good_until=-inf)
            return
        if followed.error is not None:
            logger.info("Revocations of %s are up to date again.", uri)
        self._lists[uri] = self._confirmed(followed, status_list, fetched.etag or followed.etag)

    def _read(self, uri: str, body: bytes, before: StatusList | None) -> StatusList:
        status_list = read_document(body, uri, self._keys)
        if status_list.expires_at <= self._now():
            raise InvalidTokenError("The status list has expired.")
        if before is not None and status_list.issued_at < before.issued_at:
            raise InvalidTokenError("The status list is older than the one before.")
        return status_list

    def _confirmed(self, followed: _Followed, status_list: StatusList | None, etag: str | None) -> _Followed:
        now = self._now()
        expires_at = status_list.expires_at if status_list else -inf
        good_until = min(now + OVERDUE * self._schedule.every, expires_at)
        return _Followed(followed.used_at, status_list, now, now, etag, good_until=good_until)


def _last_tried(item: tuple[str, _Followed]) -> float:
    return item[1].tried_at


def _read_bit(status_list: StatusList, index: int) -> None:
    try:
        revoked = status_list[index]
    except IndexError:
        raise InvalidTokenError("The token's status is outside of its list.") from None
    if revoked:
        raise RevokedTokenError
