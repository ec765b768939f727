import pytest

from gapura_products.web.models import LARGEST_PRICE

TEA = {"name": "Teh Poci", "sku": "TEH-1", "price": 12000, "category": "kopi-teh"}


def test_a_product_is_added(writer, reader):
    answer = writer("POST", "/products", json=TEA)
    assert answer.status_code == 201
    assert answer.json.items() >= (TEA | {"currency": "IDR", "stock": 0, "description": "", "version": 1}).items()
    assert answer.json["created_at"] == answer.json["updated_at"] == "2025-11-22T12:00:00Z"
    assert answer.headers["ETag"] == '"v1"'
    assert answer.headers["Location"] == f"/products/{answer.json['id']}"
    assert reader("GET", answer.headers["Location"]).json == answer.json


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/products"), ("PATCH", "/products/1"), ("DELETE", "/products/1")]
)
def test_changing_needs_the_scope(reader, method: str, path: str):
    answer = reader(method, path, json={}, headers={"If-Match": "*"})
    assert answer.status_code == 403
    assert 'scope="products:write"' in answer.headers["WWW-Authenticate"]


def test_a_sku_belongs_to_one_product(writer):
    taken = writer("POST", "/products", json=TEA | {"sku": "LAPTOP-XYZ"})
    assert (taken.status_code, list(taken.json["errors"])) == (409, ["sku"])
    changed = writer("PATCH", "/products/2", json={"sku": "LAPTOP-XYZ"}, headers={"If-Match": '"v1"'})
    assert (changed.status_code, list(changed.json["errors"])) == (409, ["sku"])


def test_a_patch_changes_what_it_names(writer, clock):
    clock.now += 1.5
    answer = writer("PATCH", "/products/1", json={"price": 1, "stock": None}, headers={"If-Match": '"v1"'})
    assert answer.status_code == 200
    assert (answer.json["price"], answer.json["stock"], answer.json["name"]) == (1, 0, "Laptop XYZ")
    assert (answer.json["version"], answer.headers["ETag"]) == (2, '"v2"')
    assert answer.json["updated_at"] == "2025-11-22T12:00:01.500000Z"


def test_null_brings_defaults_back(writer):
    changes = {"currency": "USD", "description": "x", "stock": 5}
    writer("PATCH", "/products/1", json=changes, headers={"If-Match": "*"})
    answer = writer("PATCH", "/products/1", json=dict.fromkeys(changes), headers={"If-Match": "*"})
    assert [answer.json[name] for name in changes] == ["IDR", "", 0]


@pytest.mark.parametrize("body", [{}, {"name": "Laptop XYZ"}])
def test_a_patch_that_changes_nothing_makes_no_version(writer, body: dict):
    answer = writer("PATCH", "/products/1", json=body, headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json["version"]) == (200, 1)


def test_a_merge_patch_may_say_that_it_is_one(writer):
    headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    assert writer("PATCH", "/products/1", data=b'{"price": 7}', headers=headers).json["price"] == 7


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 428), ({"If-Match": '"v2"'}, 412), ({"If-Match": 'W/"v1"'}, 412), ({"If-Match": 'v9, nonsense\t"'}, 412)],
)
def test_a_change_must_name_the_version_it_changes(writer, method: str, headers: dict, status: int):
    assert writer(method, "/products/1", json={}, headers=headers).status_code == status


def test_a_removed_product_is_gone_and_its_number_with_it(writer):
    last = writer("POST", "/products", json=TEA).json["id"]
    assert writer("DELETE", f"/products/{last}", headers={"If-Match": '"v1"'}).status_code == 204
    for method in ("GET", "DELETE", "PATCH"):
        assert writer(method, f"/products/{last}", json={}, headers={"If-Match": "*"}).status_code == 404
    assert writer("POST", "/products", json=TEA).json["id"] > last


def test_the_largest_values_are_kept(writer):
    largest = {"name": "n" * 160, "sku": "s" * 64, "price": LARGEST_PRICE, "category": "c" * 64, "stock": 10**9}
    answer = writer("POST", "/products", json=largest | {"description": "é😀\n\t" * 1000})
    assert answer.status_code == 201
    assert answer.json.items() >= largest.items()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " x"),
        ("name", "a\nb"),
        ("name", "a\0b"),
        ("name", "n" * 161),
        ("name", None),
        ("name", ["x"]),
        ("sku", "a b"),
        ("sku", "-a"),
        ("sku", "é"),
        ("sku", "s" * 65),
        ("sku", "a\n"),
        ("price", -1),
        ("price", LARGEST_PRICE + 1),
        ("price", 2**63),
        ("price", 1.5),
        ("price", "1"),
        ("price", True),
        ("price", None),
        ("currency", "idr"),
        ("currency", "XXX"),
        ("currency", "RUPIAH"),
        ("stock", -1),
        ("stock", 10**9 + 1),
        ("category", "Rumah Tangga"),
        ("category", "a--b"),
        ("category", "c" * 65),
        ("description", "\0"),
        ("description", "\x07"),
        ("description", "d" * 4001),
        ("id", 5),
    ],
)
def test_a_value_that_is_not_acceptable_is_422_and_named(writer, field: str, value: object):
    for answer in (
        writer("POST", "/products", json=TEA | {field: value}),
        writer("PATCH", "/products/1", json={field: value}, headers={"If-Match": "*"}),
    ):
        assert answer.status_code == 422
        assert list(answer.json["errors"]) in ([field], ["request"])


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"price": NaN}', 400),
        (b'{"price": 1e999}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"name": "\xff"}', 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"[" * 30000 + b"]" * 30000, 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"x"', 422),
        (b'{"price": 123456789012345678901234567890}', 422),
        (b"x" * 1_000_000, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(writer, content: bytes, status: int):
    for method, path in (("POST", "/products"), ("PATCH", "/products/1")):
        answer = writer(method, path, data=content, headers={"Content-Type": "application/json", "If-Match": "*"})
        assert answer.status_code == status
        assert answer.json["msg"]


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
def test_another_media_type_is_415(writer, media_type: str):
    assert writer("POST", "/products", data=b"{}", headers={"Content-Type": media_type}).status_code == 415


def test_another_method_is_405(writer):
    answer = writer("PUT", "/products/1", json=TEA)
    assert answer.status_code == 405
    assert "PATCH" in answer.headers["Allow"]
