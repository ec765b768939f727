"""Pages of products, each found from where the last one ended and never by counting rows to skip.

A page costs the same wherever it is: an index is walked from a position on. Positions are values of the sort column
with the product's number behind them, so that equal values have one order and nothing is seen twice or passed over.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Select, select, true

from gapura_products.product import Product
from gapura_products.store.order import Order, Position, first_rows
from gapura_products.store.products import COLUMNS, to_product
from gapura_products.store.search import Matches, Reach, matches
from gapura_products.store.tables import products

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
    keys = (found.id,) if name == "id" else (SORT_COLUMNS[name], found.id)
    order = Order(keys, descending=sort.startswith("-"))
    rows = first_rows(connection, found, _filtered(filters, order, after), order, limit)
    return [Placed(to_product(row), order.position(row)) for row in rows]


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
        order = Order((found.id,))
        query = _filtered(filters, order, (last,) if reach == began else None)
        rows = first_rows(connection, found, query, order, limit - len(page))
        page += [Placed(to_product(row), (int(reach), *order.position(row))) for row in rows]
    return page


def _find(connection: Connection, filters: Filters, reach: Reach) -> Matches:
    if filters.words is None:
        return Matches(products, products.c.id, true())
    return matches(connection.dialect.name, filters.words, reach)


def _filtered(filters: Filters, order: Order, after: Position | None) -> Select[Any]:
    query = select(*order.labelled, *COLUMNS)
    if after is not None:
        query = query.where(order.beyond(after))
    if filters.category is not None:
        query = query.where(products.c.category == filters.category)
    if filters.min_price is not None:
        query = query.where(products.c.price >= filters.min_price)
    if filters.max_price is not None:
        query = query.where(products.c.price <= filters.max_price)
    return query
