"""Pages of products, each found from where the last one ended and never by counting rows to skip.

A page costs the same wherever it is: an index is walked from a position on. Positions are values of the sort column
with the product's number behind them, so that equal values have one order and nothing is seen twice or passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, literal, select, true, tuple_

from gapura_products.product import Product
from gapura_products.store.products import COLUMNS, to_product
from gapura_products.store.search import Matches, Reach, matches
from gapura_products.store.tables import products

Position = tuple[str | int | None, ...]

SORT_COLUMNS = {"name": products.c.name_words, "price": products.c.price, "created_at": products.c.created_at}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a listing is narrowed down to; None does not narrow it."""

    words: tuple[str, ...] | None = None
    category: str | None = None
    min_price: int | None = None
    max_price: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A product and its position in a listing."""

    product: Product
    position: Position


def page_by_column(
    connection: Connection, filters: Filters, sort: str, after: Position | None, limit: int
) -> list[Placed]:
    """Return the next products in an order: `id` or a name in `SORT_COLUMNS`, with a minus in front for descending."""
    if filters.words == ():
        return []
    found = _find(connection, filters, Reach.ANYWHERE)
    name = sort.removeprefix("-")
    keys = [found.id] if name == "id" else [SORT_COLUMNS[name], found.id]
    query = _filtered(found, filters, keys).order_by(*(key.desc() if sort.startswith("-") else key for key in keys))
    if after is not None:
        query = query.where(_beyond(keys, after, descending=sort.startswith("-")))
    return [_placed(row, len(keys)) for row in connection.execute(query.limit(limit)).mappings()]


def page_by_relevance(connection: Connection, filters: Filters, after: Position | None, limit: int) -> list[Placed]:
    """Return the next products of a search: first those named with all of its words, then the rest, each by number.

    A finer ranking (BM25) would score every match of a common word for each page, and would change under the reader's
    feet with every product that is added: no position in it stays true.
    """
    if not filters.words:
        return []
    began, last = cast("tuple[int, int]", after or (Reach.NAME, 0))
    page: list[Placed] = []
    for reach in (Reach.NAME, Reach.ELSEWHERE):
        if reach < began or len(page) == limit:
            continue
        found = _find(connection, filters, reach)
        query = _filtered(found, filters, [literal(int(reach)), found.id]).order_by(found.id)
        query = query.where(found.id > (last if reach == began else 0)).limit(limit - len(page))
        page += [_placed(row, 2) for row in connection.execute(query).mappings()]
    return page


def _find(connection: Connection, filters: Filters, reach: Reach) -> Matches:
    if filters.words is None:
        return Matches(products, products.c.id, true())
    return matches(connection.dialect.name, filters.words, reach)


def _filtered(found: Matches, filters: Filters, keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    columns = [key.label(f"position_{index}") for index, key in enumerate(keys)]
    query = select(*columns, *COLUMNS).select_from(found.rows).where(found.condition)
    if filters.category is not None:
        query = query.where(products.c.category == filters.category)
    if filters.min_price is not None:
        query = query.where(products.c.price >= filters.min_price)
    if filters.max_price is not None:
        query = query.where(products.c.price <= filters.max_price)
    return query


def _beyond(keys: Sequence[ColumnElement[Any]], after: Position, *, descending: bool) -> ColumnElement[bool]:
    here, there = tuple_(*keys), tuple_(*after)
    return here < there if descending else here > there


def _placed(row: RowMapping, places: int) -> Placed:
    return Placed(to_product(row), tuple(row[f"position_{index}"] for index in range(places)))
