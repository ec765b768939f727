"""What many do at once, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

THREADS = 16
TEA = {"name": "Teh Poci", "sku": "TEH-1", "price": 12000, "category": "kopi-teh"}


@pytest.fixture
def at_once(open_app, database_url: str, issuer):
    """Give a way to send requests in parallel; each function gets a caller of its own and the number of its turn."""
    app = open_app(database_url, threads=THREADS, demo=False)
    headers = issuer.headers("s-2", "admin", "products:write")

    def run(times: int, send):
        barrier = Barrier(THREADS)

        def turn(number: int):
            if number < THREADS:
                barrier.wait()
            return send(
                lambda method, path, more=None, **options: app.test_client().open(
                    path, method=method, headers=headers | (more or {}), **options
                ),
                number,
            )

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(turn, range(times)))

    return run


def place(at_once) -> str:
    """Add some products, and give the address of the first."""
    added = at_once(THREADS, lambda call, n: call("POST", "/products", json=TEA | {"sku": f"S-{n}"}))
    return added[0].headers["Location"]


def count(answers) -> Counter:
    return Counter(answer.status_code for answer in answers)


def test_fifty_parallel_requests_with_one_key_make_one_product(at_once):
    answers = at_once(50, lambda call, _: call("POST", "/products", {"Idempotency-Key": "k-1"}, json=TEA))
    assert count(answers) == {201: 50}
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    products = at_once(THREADS, lambda call, _: call("GET", "/products"))[0].json["products"]
    assert [product["id"] for product in products] == [answers[0].json["id"]]


def test_of_parallel_products_with_one_sku_one_is_made(at_once):
    assert count(at_once(50, lambda call, _: call("POST", "/products", json=TEA))) == {201: 1, 409: 49}


def test_of_parallel_keys_for_one_sku_one_makes_a_product(at_once):
    answers = at_once(32, lambda call, n: call("POST", "/products", {"Idempotency-Key": f"k-{n}"}, json=TEA))
    assert count(answers) == {201: 1, 409: 31}


def test_of_parallel_changes_of_one_version_one_is_made(at_once):
    path = at_once(THREADS, lambda call, n: call("POST", "/products", json=TEA | {"sku": f"S-{n}"}))[0].headers[
        "Location"
    ]
    answers = at_once(32, lambda call, n: call("PATCH", path, {"If-Match": '"v1"'}, json={"price": n}))
    assert count(answers) == {200: 1, 412: 31}


def test_no_parallel_change_is_lost(at_once):
    path = at_once(THREADS, lambda call, n: call("POST", "/products", json=TEA | {"sku": f"S-{n}", "stock": 0}))[
        0
    ].headers["Location"]

    def add_one(call, _):
        while True:
            seen = call("GET", path)
            answer = call("PATCH", path, {"If-Match": seen.headers["ETag"]}, json={"stock": seen.json["stock"] + 1})
            if answer.status_code != 412:
                return answer

    answers = at_once(THREADS, add_one)
    assert count(answers) == {200: THREADS}
    assert sorted(answer.json["stock"] for answer in answers) == list(range(1, THREADS + 1))


def test_of_parallel_removals_one_removes(at_once):
    path = at_once(THREADS, lambda call, n: call("POST", "/products", json=TEA | {"sku": f"S-{n}"}))[0].headers[
        "Location"
    ]
    answers = count(at_once(32, lambda call, _: call("DELETE", path, {"If-Match": '"v1"'})))
    assert answers[204] == 1
    assert answers[404] + answers[412] == 31
