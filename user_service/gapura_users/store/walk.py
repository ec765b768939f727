"""A walk along one index of the directory, as SQL: the only way in which profiles are listed. Never an OFFSET."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Select, and_, literal, or_, select, true, tuple_

from gapura_users.search_key import end_of_prefix
from gapura_users.store.tables import profiles

SEARCHED = tuple(profiles.c[f"{name}_key"] for name in ("username", "name", "given_name", "family_name"))


@dataclass(frozen=True, slots=True)
class Walk:
    """Along which column, in which direction, from behind which position (a value of the column, and an id)."""

    key: Column[Any]
    descending: bool = False
    after: tuple[str | int, str] | None = None

    def hits(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Select position and id of the profiles ahead, in order."""
        return self._ahead(profiles, self.key, [self.key.label("position"), profiles.c.id], conditions)

    def near_hits(self, prefix: str, steps: int) -> Select[Any]:
        """Select those of the next few profiles ahead that match."""
        ahead = self._ahead(profiles, self.key, [self.key.label("position"), profiles.c.id, *SEARCHED], ())
        near = ahead.limit(steps).subquery("near")
        matching = or_(*(begins(near.c[key.name], prefix) for key in SEARCHED))
        return self._ahead(near, near.c.position, [near.c.position, near.c.id], (matching,))

    def gathered_hits(self, prefix: str) -> Select[Any]:
        """Select the matches ahead by gathering them all first."""
        matching = or_(*(begins(key, prefix) for key in SEARCHED))
        everywhere = select(self.key.label("position"), profiles.c.id).where(matching)
        # gathered first, always: a planner that walks instead may pass the whole table before it finds a match
        gathered = everywhere.cte("gathered").prefix_with("MATERIALIZED")
        return self._ahead(gathered, gathered.c.position, [gathered.c.position, gathered.c.id], ())

    def rows(self, hits: Select[Any], columns: Iterable[Column[Any]]) -> Select[Any]:
        """Select the profiles that were hit, each with its position, in order."""
        hit = hits.subquery("hit")
        joined = select(*columns, hit.c.position).join_from(hit, profiles, profiles.c.id == hit.c.id)
        return joined.order_by(*self._order(hit.c.position, hit.c.id))

    def _ahead(
        self,
        source: FromClause,
        key: ColumnElement[Any],
        columns: Iterable[ColumnElement[Any]],
        conditions: Iterable[ColumnElement[bool]],
    ) -> Select[Any]:
        statement = select(*columns).select_from(source).where(self._behind(key, source.c.id), *conditions)
        return statement.order_by(*self._order(key, source.c.id))

    def _behind(self, key: ColumnElement[Any], tie: ColumnElement[str]) -> ColumnElement[bool]:
        if self.after is None:
            return true()
        here, start = tuple_(key, tie), tuple_(*(literal(value) for value in self.after))
        return here < start if self.descending else here > start

    def _order(self, key: ColumnElement[Any], tie: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
        return (key.desc(), tie.desc()) if self.descending else (key, tie)


def begins(key: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a key begins with the prefix, as a range of its index."""
    end = end_of_prefix(prefix)
    return and_(key >= prefix, key < end) if end is not None else key >= prefix
