"""Pages of the directory: found along indexes and continued by position, however many profiles there are.

* Without a prefix, a page is a stretch of the index of its order.
* With a prefix and no order asked for, those whose username begins with it come first, then those whose name does,
  then given and family name. Whoever is passed over in a later round was shown in an earlier one.
* With a prefix and an order: where many match, some are near; where few do, gathering them all is quick.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Column, Connection, RowMapping, Select, not_

from gapura_chassis.cursors import decode_cursor, encode_cursor
from gapura_users.store.tables import profiles
from gapura_users.store.walk import SEARCHED, Walk, begins

Sort = Literal["username", "-username", "name", "-name", "created_at", "-created_at"]
Item = TypeVar("Item")

#: How many profiles are looked at one by one before all matches are gathered: about 2 ms.
NEAR = 2_000

_SORTED = {"username": profiles.c.username_key, "name": profiles.c.name_key, "created_at": profiles.c.created_at}


@dataclass(frozen=True, slots=True)
class Search:
    """What to list: profiles with a name that begins with `prefix` (a search key; empty for all), in an order."""

    prefix: str
    sort: Sort | None
    limit: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and the cursor of the next page if there is one."""

    items: tuple[Item, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Hit:
    position: tuple[str | int, ...]
    row: RowMapping


class Listing:
    """One search, carried out over one connection."""

    def __init__(self, connection: Connection, search: Search, columns: Sequence[Column[Any]]) -> None:
        self._connection = connection
        self._search = search
        self._columns = columns
        self._name = f"users {search.sort} {search.prefix}"

    def page(self, make: Callable[[RowMapping], Item]) -> Page[Item]:
        """Return the page; raises `Invalid` when the cursor does not belong to this search."""
        by_match = self._search.prefix and self._search.sort is None
        hits = list(self._by_match() if by_match else self._in_order())
        shown = hits[: self._search.limit]
        more = len(hits) > self._search.limit
        return Page(
            tuple(make(hit.row) for hit in shown), encode_cursor(shown[-1].position, self._name) if more else None
        )

    def _in_order(self) -> Iterator[_Hit]:
        sort = self._search.sort or "username"
        key = _SORTED[sort.removeprefix("-")]
        after = self._position(key.type.python_type, str)
        walk = Walk(key, sort.startswith("-"), (after[0], str(after[1])) if after else None)
        for row in self._sorted_rows(walk):
            yield _Hit((row["position"], row["id"]), row)

    def _sorted_rows(self, walk: Walk) -> Sequence[RowMapping]:
        wanted = self._search.limit + 1
        if not self._search.prefix:
            return self._fetch(walk, walk.hits(), wanted)
        near = self._fetch(walk, walk.near_hits(self._search.prefix, NEAR), wanted)
        return near if len(near) == wanted else self._fetch(walk, walk.gathered_hits(self._search.prefix), wanted)

    def _by_match(self) -> Iterator[_Hit]:
        after = self._position(int, str, str)
        first = int(after[0]) if after else 0
        wanted = self._search.limit + 1
        for rank, key in list(enumerate(SEARCHED))[first:]:
            walk = Walk(key, after=(after[1], str(after[2])) if after and rank == first else None)
            earlier = (not_(begins(other, self._search.prefix)) for other in SEARCHED[:rank])
            rows = self._fetch(walk, walk.hits(begins(key, self._search.prefix), *earlier), wanted)
            yield from (_Hit((rank, row["position"], row["id"]), row) for row in rows)
            wanted -= len(rows)
            if not wanted:
                return

    def _fetch(self, walk: Walk, hits: Select[Any], wanted: int) -> Sequence[RowMapping]:
        return self._connection.execute(walk.rows(hits.limit(wanted), self._columns)).mappings().all()

    def _position(self, *kinds: type) -> list[Any] | None:
        return decode_cursor(self._search.cursor, self._name, kinds) if self._search.cursor else None
