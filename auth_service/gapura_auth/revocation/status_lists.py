"""Publishes the status lists: signed, cached, and the same until a bit changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from gapura.revocation import STATUS_LIST_TYP, encode_status_list, status_list_claims
from gapura_auth.keys.key_ring import KeyRing
from gapura_auth.revocation.slots import LIST_SIZE, list_address
from gapura_auth.store.status_slots import count_lists, revoked_indexes
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: How old the answer to a guard may be; many guards asking at once cost one query.
RENEW_AFTER = 0.5
#: A list is good for so long without a newer one; it is signed anew in half that time, changed or not.
LIFETIME = 600
#: Bits stay set a little longer than the last token lives, for guards whose clock is behind.
MARGIN = 60.0


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list as it is sent: a signed token, and the tag under which a guard asks whether it has changed."""

    token: str
    entity_tag: str


@dataclass(frozen=True, slots=True)
class _Copy:
    taken_at: Timestamp
    published: PublishedList


class StatusLists:
    """The lists of one issuer."""

    def __init__(self, database: Database, keys: KeyRing, issuer: str, token_lifetime: int, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._issuer = issuer
        self._token_lifetime = token_lifetime
        self._clock = clock
        self._copies: dict[int, _Copy] = {}
        self._renewing = Lock()

    def published(self, list_number: int) -> PublishedList | None:
        """Return a list to publish; None where there is none of this number."""
        copy = self._copies.get(list_number)
        if copy is None or self._clock() - copy.taken_at >= RENEW_AFTER:
            with self._renewing:
                copy = self._renew(list_number, self._copies.get(list_number))
        return copy.published if copy else None

    def _renew(self, list_number: int, copy: _Copy | None) -> _Copy | None:
        now = self._clock()
        if copy is not None and now - copy.taken_at < RENEW_AFTER:
            return copy  # another thread was faster
        with self._database.read() as connection:
            if copy is None and list_number >= count_lists(connection):
                return None
            revoked = revoked_indexes(connection, list_number, now - self._token_lifetime - MARGIN)
        self._copies[list_number] = renewed = _Copy(now, self._publish(list_number, revoked, now, copy))
        return renewed

    def _publish(self, list_number: int, revoked: Sequence[int], now: Timestamp, copy: _Copy | None) -> PublishedList:
        entity_tag = _entity_tag(revoked, self._keys.published().entity_tag, now)
        if copy is not None and copy.published.entity_tag == entity_tag:
            return copy.published
        claims = status_list_claims(
            list_address(self._issuer, list_number),
            encode_status_list(revoked, size=LIST_SIZE),
            now=now,
            lifetime=LIFETIME,
        )
        return PublishedList(self._keys.sign(dict(claims), typ=STATUS_LIST_TYP), entity_tag)


def _entity_tag(revoked: Sequence[int], keys: str, now: Timestamp) -> str:
    # The same in every process that publishes the same bits, and another one when it is time to sign anew. A killed key
    # changes it too: guards then meet a list under a key that they do not know, and fetch the keys at once.
    period = int(now // (LIFETIME / 2))
    digest = sha256(repr((period, keys, list(revoked))).encode()).hexdigest()
    return f'W/"{digest[:32]}"'
