import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapura_chassis.errors import Invalid
from gapura_products.catalogue import POSITIONS, RELEVANCE, Listing
from gapura_products.store.listing import Filters
from gapura_products.store.products import find_product, name_words
from gapura_products.store.search import plain_words

SORTS = [sign + name for name in POSITIONS if name != RELEVANCE for sign in ("", "-")]
NAMES = ["Kopi", "kopi", "KOPI susu", "Ópera", "opera", "Zebra", "apel", "😀", "10 Kopi", "9 Kopi", "Äpfel", "Teh kopi"]


@pytest.fixture(autouse=True)
def near_is_near(monkeypatch):
    # so that a search leaves the neighbourhood in which PostgreSQL walks, with sixty products and not with thousands
    monkeypatch.setattr("gapura_products.store.order.NEAR", 5)


@pytest.fixture
def fill(add, clock):
    def fill_with(count: int) -> list[int]:
        chance = random.Random(7)  # noqa: S311 -- a repeatable muddle, not a secret
        numbers = []
        for _ in range(count):
            clock.now += chance.choice([0, 0, 1])
            category = chance.choice(["minuman", "buah"])
            price = chance.choice([0, 5, 5, 10, 2**53])
            numbers.append(add(chance.choice(NAMES), price=price, category=category, description="kopi"))
        return numbers

    return fill_with


def walk(catalogue, listing: Listing, limit: int = 7, between=lambda: None) -> list:
    products, cursor = [], None
    while True:
        page = catalogue.page(listing, cursor, limit)
        assert len(page.products) == limit or page.next is None
        products += page.products
        if page.next is None:
            return products
        cursor = page.next
        between()


def key(sort: str):
    read = {
        "id": lambda product: product.id,
        "name": lambda product: name_words(product.name),
        "price": lambda product: product.price,
        "created_at": lambda product: product.created_at,
    }[sort.removeprefix("-")]
    return lambda product: (read(product), product.id)


@pytest.mark.parametrize("words", [None, ("kop",)])
def test_walking_through_all_pages_yields_everything_once_in_order(catalogue, fill, words):
    numbers = fill(60)
    for sort in SORTS:
        products = walk(catalogue, Listing(Filters(words), sort))
        assert sorted(product.id for product in products) == numbers, sort
        assert products == sorted(products, key=key(sort), reverse=sort.startswith("-")), sort


def test_walking_through_a_search_by_relevance_yields_everything_once(catalogue, fill):
    numbers = fill(60)
    products = walk(catalogue, Listing(Filters(("kopi",)), RELEVANCE))
    assert sorted(product.id for product in products) == numbers
    in_name = ["kopi" in plain_words(product.name) for product in products]
    assert 5 < in_name.count(True) < 55
    assert in_name == sorted(in_name, reverse=True)


def test_pages_of_every_size_hold_the_same(catalogue, fill):
    fill(60)
    for sort in [*SORTS, RELEVANCE]:
        listing = Listing(Filters(("kopi",), category="minuman", min_price=5), sort)
        whole = walk(catalogue, listing, 100)
        for limit in (1, 5, len(whole) - 1, len(whole), len(whole) + 1):
            assert walk(catalogue, listing, limit) == whole, (sort, limit)


@pytest.mark.parametrize("sort", [*SORTS, RELEVANCE])
def test_nothing_is_lost_or_seen_twice_while_products_come_and_go(catalogue, fill, add, sort: str):
    numbers = fill(40)
    chance = random.Random(11)  # noqa: S311 -- as above

    def disturb() -> None:
        add(chance.choice(NAMES), price=chance.choice([0, 5, 10]), description="kopi")
        catalogue.remove(add("Kopi", price=5), "*")

    seen = [product.id for product in walk(catalogue, Listing(Filters(("kopi",)), sort), 3, disturb)]
    assert len(seen) == len(set(seen))
    assert set(numbers) <= set(seen)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_listing_walks_through_what_its_filters_allow(catalogue, fill, data):
    everything = walk(catalogue, Listing(Filters(), "id"), 100) or [catalogue.get(number) for number in fill(50)]
    low, high = data.draw(st.tuples(st.integers(0, 12), st.integers(0, 2**53)))
    category = data.draw(st.sampled_from([None, "minuman", "buah", "lain"]))
    sort, limit = data.draw(st.sampled_from(SORTS)), data.draw(st.integers(1, 20))
    listing = Listing(Filters(None, category, low, high), sort)
    allowed = [product for product in everything if low <= product.price <= high]
    wanted = [product for product in allowed if category in {None, product.category}]
    assert walk(catalogue, listing, limit) == sorted(wanted, key=key(sort), reverse=sort.startswith("-"))


def test_a_cursor_belongs_to_one_question(catalogue, fill):
    fill(10)
    cursor = catalogue.page(Listing(Filters(), "price"), None, 2).next
    for other in (Listing(Filters(), "-price"), Listing(Filters(category="buah"), "price"), Listing(Filters(), "name")):
        with pytest.raises(Invalid):
            catalogue.page(other, cursor, 2)
    assert catalogue.page(Listing(Filters(), "price"), cursor, 5).products


def test_the_longest_name_still_fits_into_a_cursor(catalogue, add):
    for _ in range(3):
        add("𠮷" * 160)
    assert len(walk(catalogue, Listing(Filters(), "name"), 1)) == 3


def test_a_product_that_is_not_there_is_none(database):
    with database.read() as connection:
        assert find_product(connection, 2**63 - 1) is None
