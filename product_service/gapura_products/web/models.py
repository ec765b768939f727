"""What the product service accepts and answers."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator

from gapura_chassis.api import Body, Query, Representation
from gapura_products.catalogue import RELEVANCE, Listing
from gapura_products.product import DEFAULT_CURRENCY, Product, ProductDetails
from gapura_products.store.listing import Filters
from gapura_products.store.search import plain_words
from gapura_products.web.texts import Category, Currency, Description, Name, Sku

LARGEST_PRICE = 2**53  # beyond it, JSON numbers lose digits in JavaScript
LARGEST_STOCK = 10**9

Price = Annotated[int, Field(ge=0, le=LARGEST_PRICE)]
Stock = Annotated[int, Field(ge=0, le=LARGEST_STOCK)]
Sort = Literal["id", "-id", "name", "-name", "price", "-price", "created_at", "-created_at"]


class NewProduct(Body):
    """A product to be added."""

    name: Name
    sku: Sku = Field(description="The shop's own number of the product; no two products share one.")
    price: Price = Field(description="Amount in `currency`, without fractions.")
    category: Category
    currency: Currency = Field(DEFAULT_CURRENCY, description="ISO 4217 code.")
    stock: Stock = 0
    description: Description = ""

    def details(self) -> ProductDetails:
        """Return the product that is meant."""
        return ProductDetails(**self.model_dump())


class ProductChanges(Body):
    """A JSON merge patch (RFC 7396): members that are left out stay, `null` brings the default back."""

    # the factories only mark members as optional: what was left out is never looked at
    name: Name = Field(default_factory=str)
    sku: Sku = Field(default_factory=str)
    price: Price = Field(default_factory=int)
    category: Category = Field(default_factory=str)
    currency: Currency | None = None
    stock: Stock | None = None
    description: Description | None = None

    def changes(self) -> dict[str, object]:
        """Return the new values of the members that were sent."""
        defaults = {"currency": DEFAULT_CURRENCY, "stock": 0, "description": ""}
        sent = self.model_dump(exclude_unset=True)
        return {name: defaults[name] if value is None else value for name, value in sent.items()}


class ProductQuery(Query):
    """Which products, in which order, and how many."""

    q: str | None = Field(
        None,
        max_length=200,
        description="Words to search for; all of them must occur, the last one may be the beginning of a word. "
        "Without `sort`, products with every word in their name come first.",
    )
    category: Category | None = None
    min_price: Price | None = None
    max_price: Price | None = None
    sort: Sort | None = Field(None, description="By default relevance where `q` is given, else `id`.")
    limit: int = Field(20, ge=1, le=100, description="Products on a page.")
    cursor: str | None = Field(None, max_length=1024, description="`next` of the page before.")

    @field_validator("max_price")
    @classmethod
    def _is_a_range(cls, value: int | None, info: ValidationInfo) -> int | None:
        lowest = info.data.get("min_price")
        if value is not None and lowest is not None and value < lowest:
            message = "must not be less than min_price"
            raise ValueError(message)
        return value

    def listing(self) -> Listing:
        """Return the question that is asked; a blank `q`, as an empty search field sends it, asks for everything."""
        words = plain_words(self.q) if self.q and not self.q.isspace() else None
        filters = Filters(words, self.category, self.min_price, self.max_price)
        return Listing(filters, self.sort or ("id" if words is None else RELEVANCE))


class ProductView(Representation):
    """A product."""

    id: int
    name: str
    sku: str
    price: int = Field(description="Amount in `currency`, without fractions.")
    currency: str
    stock: int
    category: str
    description: str
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="Goes up with every change; the ETag is made of it.")

    @classmethod
    def of(cls, product: Product) -> Self:
        """Return a product as it is answered."""
        return cls.model_validate(product, from_attributes=True)


class ProductPage(Representation):
    """A page of products."""

    msg: str
    products: list[ProductView]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
