"""One product at a time: insert, find, change, remove."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gapura_products.product import Product, ProductDetails
from gapura_products.store.search import plain_words
from gapura_products.store.tables import from_microseconds, products, to_microseconds

#: Sorting by name looks at this much of it, so that a cursor, which carries it, stays short.
LONGEST_NAME_WORDS = 180

COLUMNS = tuple(column for column in products.c if column.name not in {"name_words", "other_words"})


class SkuTaken(Exception):
    """Another product has this SKU."""


def insert_product(connection: Connection, details: ProductDetails, now: datetime) -> Product:
    """Add a product and return it with its number; raises `SkuTaken`."""
    with _refusing_taken_sku():
        statement = insert(products).values(_new_row(details, now)).returning(*COLUMNS)
        return to_product(connection.execute(statement).mappings().one())


def insert_products(connection: Connection, many: Sequence[ProductDetails], now: datetime) -> None:
    """Add products whose SKUs are known to be new, in this order."""
    connection.execute(insert(products), [_new_row(details, now) for details in many])


def find_product(connection: Connection, product_id: int) -> Product | None:
    """Return the product with a number."""
    row = connection.execute(select(*COLUMNS).where(products.c.id == product_id)).mappings().one_or_none()
    return to_product(row) if row else None


def update_product(
    connection: Connection, product_id: int, version: int, details: ProductDetails, now: datetime
) -> Product | None:
    """Replace one version of a product by the next, and return that; None if the version is not there any more.

    Raises:
        SkuTaken: when another product has the new SKU.

    """
    values = _columns(details) | {"version": version + 1, "updated_at": to_microseconds(now)}
    statement = update(products).where(products.c.id == product_id, products.c.version == version).values(values)
    with _refusing_taken_sku():
        row = connection.execute(statement.returning(*COLUMNS)).mappings().one_or_none()
    return to_product(row) if row else None


def delete_product(connection: Connection, product_id: int, version: int) -> bool:
    """Remove a product if it still has this version; returns whether it had."""
    statement = delete(products).where(products.c.id == product_id, products.c.version == version)
    return connection.execute(statement).rowcount == 1


def to_product(row: RowMapping) -> Product:
    """Return the product in a row that holds `COLUMNS`."""
    values = {column.name: row[column] for column in COLUMNS}
    values |= {name: from_microseconds(values[name]) for name in ("created_at", "updated_at")}
    return Product(**values)


def name_words(name: str) -> str:
    """Return what sorting by name sorts by."""
    return " ".join(plain_words(name))[:LONGEST_NAME_WORDS]


def _new_row(details: ProductDetails, now: datetime) -> Mapping[str, object]:
    moment = to_microseconds(now)
    return _columns(details) | {"version": 1, "created_at": moment, "updated_at": moment}


def _columns(details: ProductDetails) -> dict[str, object]:
    others = f"{details.sku} {details.category} {details.description}"
    values = {field.name: getattr(details, field.name) for field in fields(ProductDetails)}
    return values | {"name_words": name_words(details.name), "other_words": " ".join(plain_words(others))}


@contextmanager
def _refusing_taken_sku() -> Iterator[None]:
    # the SKU is the only constraint that values within our limits can break
    try:
        yield
    except IntegrityError:
        raise SkuTaken from None
