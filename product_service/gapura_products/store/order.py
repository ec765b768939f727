"""The order of a listing, positions in it, and the quickest way to the rows behind a position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, String, literal, not_, tuple_

from gapura_products.store.search import Matches

Position = tuple[str | int | None, ...]

#: Rows that are looked at one by one before the search index is asked: a few milliseconds.
NEAR = 5_000


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that rows are ordered by; the last one tells rows apart."""

    keys: tuple[ColumnElement[Any], ...]
    descending: bool = False

    @property
    def labelled(self) -> list[ColumnElement[Any]]:
        """The columns under the names by which `position` finds them."""
        return [key.label(f"position_{index}") for index, key in enumerate(self.keys)]

    def position(self, row: RowMapping) -> Position:
        """Return the position of a row."""
        return tuple(row[f"position_{index}"] for index in range(len(self.keys)))

    def beyond(self, position: Position) -> ColumnElement[bool]:
        """Return the condition for rows behind a position."""
        here, there = tuple_(*self.keys), tuple_(*position)
        return here < there if self.descending else here > there

    def columns(self) -> list[ColumnElement[Any]]:
        """Return what ORDER BY names, so that an index can be walked."""
        return self._directed(self.keys)

    def computed_columns(self) -> list[ColumnElement[Any]]:
        """Return the same order in a form that no index has."""
        return self._directed([key + literal("" if isinstance(key.type, String) else 0) for key in self.keys])

    def _directed(self, keys: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        return [key.desc() if self.descending else key for key in keys]


def first_rows(
    connection: Connection, found: Matches, query: Select[Any], order: Order, limit: int
) -> Sequence[RowMapping]:
    """Return the first rows of a query, in order, that a search finds.

    PostgreSQL has no idea how many products hold a word that begins with some letters, takes it for many, and walks
    through the whole table in the order of the listing to find none. So we walk a short way ourselves: words that are
    common fill a page there, and of those that do not, few products are left for the search index to fetch and sort.
    """
    matching = query.select_from(found.rows).where(found.condition).limit(limit)
    walking = matching.order_by(*order.columns())
    if not found.misjudged:
        return _rows(connection, walking)
    horizon = _rows(connection, query.order_by(*order.columns()).offset(NEAR).limit(1))
    if not horizon:
        return _rows(connection, walking)
    near = _rows(connection, walking.where(not_(order.beyond(order.position(horizon[0])))))
    return near if len(near) == limit else _rows(connection, matching.order_by(*order.computed_columns()))


def _rows(connection: Connection, query: Select[Any]) -> Sequence[RowMapping]:
    return connection.execute(query).mappings().all()
