"""What a product is. Texts and numbers are within the limits of `web.models`; nothing here checks them again."""

from dataclasses import dataclass
from datetime import datetime

DEFAULT_CURRENCY = "IDR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails:
    """What a shop says about a product."""

    name: str
    sku: str
    #: in whole units of the currency, or in its smallest unit where the shop counts in those
    price: int
    category: str
    currency: str = DEFAULT_CURRENCY
    stock: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(ProductDetails):
    """A product in the catalogue; every change makes the next version of it."""

    id: int
    version: int
    #: both in UTC
    created_at: datetime
    updated_at: datetime
