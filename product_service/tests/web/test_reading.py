import pytest

from gapura_chassis.cursors import encode_cursor
from gapura_products.catalogue import Listing
from gapura_products.store.listing import Filters


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.json
    return [product["id"] for product in answer.json["products"]]


def test_a_product_has_every_detail(reader):
    answer = reader("GET", "/products/1")
    assert answer.status_code == 200
    assert answer.json == {
        "id": 1,
        "name": "Laptop XYZ",
        "sku": "LAPTOP-XYZ",
        "price": 15000000,
        "currency": "IDR",
        "stock": 12,
        "category": "komputer",
        "description": answer.json["description"],
        "created_at": answer.json["created_at"],
        "updated_at": answer.json["created_at"],
        "version": 1,
    }
    assert answer.json["created_at"].endswith("Z")
    assert answer.headers["ETag"] == '"v1"'


def test_a_version_that_the_caller_holds_is_not_sent_again(reader):
    answer = reader("GET", "/products/1", headers={"If-None-Match": '"v7", W/"v1"'})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", '"v1"')
    assert reader("GET", "/products/1", headers={"If-None-Match": '"v2"'}).status_code == 200


@pytest.mark.parametrize("number", ["0", "999999", str(2**63 - 1), str(2**63), "9" * 400, "9" * 5000, "-1", "x", "1.0"])
def test_what_is_not_there_is_404(reader, number: str):
    answer = reader("GET", f"/products/{number}")
    assert answer.status_code == 404
    assert set(answer.json) == {"msg"}


def test_pages_follow_one_another(reader):
    first = reader("GET", "/products?limit=5").json
    second = reader("GET", f"/products?limit=5&cursor={first['next']}").json
    assert [product["id"] for product in first["products"] + second["products"]] == list(range(1, 11))
    last = reader("GET", "/products?q=laptop+xyz").json
    assert (len(last["products"]), last["next"]) == (1, None)


def test_the_list_can_be_narrowed_searched_and_sorted(reader):
    assert ids(reader("GET", "/products?q=laptop+xy")) == [1]
    assert ids(reader("GET", "/products?category=ponsel&sort=-price&limit=1"))[0] not in {1, 2}
    prices = [
        item["price"]
        for item in reader("GET", "/products?min_price=5000000&max_price=10000000&sort=price").json["products"]
    ]
    assert prices == sorted(prices)
    assert (min(prices), max(prices)) >= (5000000, 5000000)
    assert max(prices) <= 10000000


def test_a_blank_search_is_none_and_signs_alone_find_nothing(reader):
    assert ids(reader("GET", "/products?q=&limit=2")) == ids(reader("GET", "/products?q=+&limit=2")) == [1, 2]
    assert ids(reader("GET", "/products?q=***")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=1&limit=2", "limit"),
        ("min_price=-1", "min_price"),
        ("min_price=9007199254740993", "min_price"),
        ("min_price=NaN", "min_price"),
        ("min_price=1.5", "min_price"),
        ("min_price=10&max_price=9", "max_price"),
        ("sort=stock", "sort"),
        ("sort=", "sort"),
        ("category=Komputer", "category"),
        ("category=" + "a" * 65, "category"),
        ("q=" + "a" * 201, "q"),
        ("cursor=abc", "cursor"),
        ("cursor=%F0%9F%98%80", "cursor"),
        ("cursor=" + "A" * 1025, "cursor"),
        ("page=2", "page"),
    ],
)
def test_a_question_that_makes_no_sense_is_422_and_names_the_parameter(reader, query: str, field: str):
    answer = reader("GET", f"/products?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert answer.json["msg"]


def test_a_nul_in_a_question_is_422(reader):
    assert reader("GET", "/products?q=a%00b").status_code == 422


@pytest.mark.parametrize("query", ["q=%FF%FE", "q=%ED%A0%80", "q=%22+OR+1%3D1+--", "q=%F0%9F%98%80"])
def test_odd_bytes_in_a_search_are_just_a_search(reader, query: str):
    assert ids(reader("GET", f"/products?{query}")) == []


@pytest.mark.parametrize("position", [[2**64 - 1], [-(2**80)], ["x"], [None], [], [1, 2], [True], [1.5]])
def test_a_cursor_made_by_somebody_who_has_read_our_code_is_refused(reader, position: list):
    forged = encode_cursor(position, Listing(Filters(), "id").text) if position != [-(2**80)] else "AAAA"
    assert reader("GET", f"/products?cursor={forged}").status_code == 422


def test_a_forged_text_position_cannot_hold_what_no_database_stores(reader):
    forged = encode_cursor(["\0", 1], Listing(Filters(), "name").text)
    assert reader("GET", f"/products?sort=name&cursor={forged}").status_code == 422
