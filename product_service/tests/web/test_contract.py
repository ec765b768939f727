"""The exchanges of the guide, word for word."""

import pytest

from gapura_products.demo import demo_products


def test_the_list_greets_in_indonesian_and_begins_with_the_laptop(reader):
    answer = reader("GET", "/products")
    assert answer.status_code == 200
    assert answer.json["msg"] == "Daftar produk berhasil diambil oleh user: user1"
    assert answer.json["products"][0].items() >= {"id": 1, "name": "Laptop XYZ", "price": 15000000}.items()
    assert set(answer.json) == {"msg", "products", "next"}


def test_the_other_products_of_the_guide_follow(reader):
    products = reader("GET", "/products").json["products"]
    assert [(product["id"], product["name"], product["price"]) for product in products[1:3]] == [
        (2, "Smartphone ABC", 5000000),
        (3, "Headphone DEF", 1000000),
    ]


@pytest.mark.parametrize(
    ("accepted", "message"),
    [
        ("en", "Product list retrieved by user: user1"),
        ("en-GB, id;q=0.5", "Product list retrieved by user: user1"),
        ("id, en;q=0.9", "Daftar produk berhasil diambil oleh user: user1"),
        ("fr", "Daftar produk berhasil diambil oleh user: user1"),
    ],
)
def test_the_greeting_is_english_where_that_is_preferred(reader, accepted: str, message: str):
    assert reader("GET", "/products", headers={"Accept-Language": accepted}).json["msg"] == message


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/products"),
        ("GET", "/products/1"),
        ("POST", "/products"),
        ("PATCH", "/products/1"),
        ("DELETE", "/products/1"),
    ],
)
def test_without_a_token_nothing_is_said(app, method: str, path: str):
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == 401
    assert answer.json == {"msg": "Missing Authorization Header"}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_demo_shop_is_as_large_and_as_varied_as_promised(reader):
    products = list(demo_products())
    assert 180 <= len(products) <= 240
    assert len({product.sku for product in products}) == len({product.name for product in products}) == len(products)
    assert len({product.category for product in products}) >= 15
    assert [item["name"] for item in reader("GET", "/products?limit=100").json["products"]] == [
        product.name for product in products[:100]
    ]
