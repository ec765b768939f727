from flask import Response, request

from gapura import current_token
from gapura_chassis.api import delete, get, json_response, patch, post
from gapura_chassis.language import Sentence, say
from gapura_chassis.preconditions import entity_tag, is_unchanged
from gapura_products.catalogue import Catalogue
from gapura_products.product import Product
from gapura_products.store.idempotency import RequestKey
from gapura_products.web.idempotency_header import read_idempotency_key
from gapura_products.web.models import NewProduct, ProductChanges, ProductPage, ProductQuery, ProductView

RETRIEVED = Sentence(
    id="Daftar produk berhasil diambil oleh user: {username}", en="Product list retrieved by user: {username}"
)

WRITE = "products:write"
ONE = "/products/<int:product_id>"
IF_MATCH = {"If-Match": "ETag of the version that is meant, or `*`."}
IF_NONE_MATCH = {"If-None-Match": "ETag of the version that the caller holds."}
IDEMPOTENCY_KEY = {
    "Idempotency-Key": "A key of the caller's choice: for 24 hours, repeating it repeats the answer and not the deed."
}


class ProductViews:
    """The product service over HTTP."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @get("/products", "List and search products", {200: ProductPage})
    def list_products(self, query: ProductQuery) -> Response:
        """Return a page of products; `next` is the cursor of the next one."""
        page = self._catalogue.page(query.listing(), query.cursor, query.limit)
        products = [ProductView.of(product) for product in page.products]
        message = say(RETRIEVED, username=current_token.username)
        return json_response(ProductPage(msg=message, products=products, next=page.next))

    @get(ONE, "Read one product", {200: ProductView, 304: None}, headers=IF_NONE_MATCH)
    def show_product(self, product_id: int) -> Response:
        """Return a product and its ETag, or 304 to a caller who holds this version."""
        product = self._catalogue.get(product_id)
        if is_unchanged(request.if_none_match, product.version):
            return Response(status=304, headers={"ETag": entity_tag(product.version)})
        return _answer(product)

    @post("/products", "Add a product", {201: ProductView}, scopes=(WRITE,), headers=IDEMPOTENCY_KEY, refusals=(409,))
    def add_product(self, body: NewProduct) -> Response:
        """Add a product. With an Idempotency-Key it is safe to send again when the answer was lost."""
        details = body.details()
        text = read_idempotency_key(request.headers.get("Idempotency-Key"))
        key = RequestKey.of(current_token.subject, text, details) if text else None
        created = self._catalogue.create(details, key)
        response = _answer(created.product, 201)
        response.headers["Location"] = f"/products/{created.product.id}"
        if created.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    @patch(ONE, "Change a product", {200: ProductView}, scopes=(WRITE,), headers=IF_MATCH, refusals=(409,))
    def change_product(self, product_id: int, body: ProductChanges) -> Response:
        """Change the version that `If-Match` names; a JSON merge patch (RFC 7396)."""
        return _answer(self._catalogue.change(product_id, request.headers.get("If-Match"), body.changes()))

    @delete(ONE, "Remove a product", {204: None}, scopes=(WRITE,), headers=IF_MATCH)
    def remove_product(self, product_id: int) -> Response:
        """Remove the version that `If-Match` names."""
        self._catalogue.remove(product_id, request.headers.get("If-Match"))
        return Response(status=204)


def _answer(product: Product, status: int = 200) -> Response:
    return json_response(ProductView.of(product), status, {"ETag": entity_tag(product.version)})
