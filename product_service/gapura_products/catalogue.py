"""The catalogue: what may be done with products, in terms of products. It knows neither HTTP nor SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

from gapura_chassis.clock import Clock
from gapura_chassis.cursors import decode_cursor, encode_cursor
from gapura_chassis.database import Database
from gapura_chassis.errors import Conflict, Invalid, NotFound
from gapura_chassis.preconditions import changed_meanwhile, require_match
from gapura_products.product import Product, ProductDetails
from gapura_products.store.idempotency import KeyReused, RequestKey, keep_answer, purge_expired, take_key
from gapura_products.store.listing import Filters, Placed, page_by_column, page_by_relevance
from gapura_products.store.order import Position
from gapura_products.store.products import SkuTaken, delete_product, find_product, insert_product, update_product

RELEVANCE = "relevance"

#: What a position in each order consists of.
POSITIONS: Mapping[str, tuple[type, ...]] = {
    RELEVANCE: (int, int),
    "id": (int,),
    "name": (str, int),
    "price": (int, int),
    "created_at": (int, int),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A question to the catalogue; a cursor belongs to exactly one."""

    filters: Filters
    #: `relevance`, or a column of `POSITIONS`, with a minus in front for descending
    sort: str

    @property
    def text(self) -> str:
        """The question as text, to bind cursors to it."""
        return orjson.dumps(["products", self.sort, self.filters]).decode()

    @property
    def position(self) -> tuple[type, ...]:
        """What a position in this listing consists of."""
        return POSITIONS[self.sort.removeprefix("-")]


@dataclass(frozen=True, slots=True)
class Page:
    """Some products of a listing, and the cursor of the next page; None at the end."""

    products: tuple[Product, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Created:
    """The answer to a request for a new product; a replay is the answer that was given before."""

    product: Product
    replayed: bool = False


class Catalogue:
    """The products of the shop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def page(self, listing: Listing, cursor: str | None, limit: int) -> Page:
        """Return the products after a cursor, or the first ones.

        Raises:
            Invalid: when the cursor does not belong to the listing.

        """
        after = tuple(decode_cursor(cursor, listing.text, listing.position)) if cursor else None
        found = self._find(listing, after, limit + 1)
        more = encode_cursor(found[limit - 1].position, listing.text) if len(found) > limit else None
        return Page(tuple(placed.product for placed in found[:limit]), more)

    def _find(self, listing: Listing, after: Position | None, limit: int) -> list[Placed]:
        with self._database.read() as connection:
            if listing.sort == RELEVANCE:
                return page_by_relevance(connection, listing.filters, after, limit)
            return page_by_column(connection, listing.filters, listing.sort, after, limit)

    def get(self, product_id: int) -> Product:
        """Return one product; raises `NotFound`."""
        with self._database.read() as connection:
            return _existing(find_product(connection, product_id))

    def create(self, details: ProductDetails, key: RequestKey | None = None) -> Created:
        """Add a product, once per key.

        Raises:
            Conflict: when another product has the SKU.
            Invalid: when the key was used for another request.

        """
        now = self._now()
        try:
            with self._database.write() as connection:
                if key is None:
                    return Created(insert_product(connection, details, now))
                if (before := take_key(connection, key, now)) is not None:
                    return Created(before, replayed=True)
                product = insert_product(connection, details, now)
                keep_answer(connection, key, product)
                purge_expired(connection, now)
                return Created(product)
        except SkuTaken:
            raise _sku_taken() from None
        except KeyReused:
            raise Invalid("This Idempotency-Key was used for another request: send a new one.") from None

    def change(self, product_id: int, if_match: str | None, changes: Mapping[str, object]) -> Product:
        """Change some details of the version that the caller has seen.

        Raises:
            NotFound: when there is no such product.
            PreconditionRequired: when `if_match` is missing.
            PreconditionFailed: when the product has another version by now.
            Conflict: when another product has the new SKU.

        """
        try:
            with self._database.write() as connection:
                present = _existing(find_product(connection, product_id))
                require_match(if_match, present.version)
                details = replace(present, **changes)  # type: ignore[arg-type] # the web's model has checked the types
                if details == present:
                    return present
                changed = update_product(connection, product_id, present.version, details, self._now())
        except SkuTaken:
            raise _sku_taken() from None
        if changed is None:
            raise changed_meanwhile()
        return changed

    def remove(self, product_id: int, if_match: str | None) -> None:
        """Remove the version that the caller has seen; raises as `change` does."""
        with self._database.write() as connection:
            present = _existing(find_product(connection, product_id))
            require_match(if_match, present.version)
            if not delete_product(connection, product_id, present.version):
                raise changed_meanwhile()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _existing(product: Product | None) -> Product:
    if product is None:
        raise NotFound("There is no such product.")
    return product


def _sku_taken() -> Conflict:
    return Conflict("Another product has this SKU.", errors={"sku": ["Another product has it."]})
