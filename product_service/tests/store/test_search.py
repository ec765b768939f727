from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapura_products.catalogue import RELEVANCE, Listing
from gapura_products.store.listing import Filters
from gapura_products.store.search import LONGEST_WORD, plain_words


@pytest.fixture
def search(catalogue):
    def find(text: str, sort: str = RELEVANCE, **filters: object) -> list[int]:
        listing = Listing(Filters(plain_words(text), **filters), sort)
        return [product.id for product in catalogue.page(listing, None, 100).products]

    return find


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kopi Arabika", ("kopi", "arabika")),
        ("CAFÉ  crème!", ("cafe", "creme")),
        ("Straße ﬁn ①", ("strasse", "fin", "1")),
        ("USB-C/2.5_m", ("usb", "c", "2", "5", "m")),
        ('"a* OR (b:c)\0', ("a", "or", "b", "c")),
        ("ÅNGSTRÖM İzmir", ("angstrom", "izmir")),
        ("😀 *** --", ()),
        ("x" * 200, ("x" * LONGEST_WORD,)),
    ],
)
def test_words_are_letters_and_digits_without_case_and_accents(text: str, words: tuple[str, ...]):
    assert plain_words(text) == words


def test_every_word_must_occur_and_the_last_may_be_a_beginning(search, add):
    gayo, toraja = add("Kopi Arabika Gayo"), add("Kopi Arabika Toraja")
    assert search("kopi arabika") == [gayo, toraja]
    assert search("arabika kop") == [gayo, toraja]
    assert search("arab gayo") == []
    assert search("gayo toraja") == []
    assert search("tor") == [toraja]


def test_names_come_before_descriptions_and_then_the_older_product(search, add):
    filter_paper = add("Saringan", description="Untuk kopi tubruk")
    half = add("Gelas Kopi", description="Cocok untuk tubruk")
    whole = add("Kopi Tubruk")
    again = add("Tubruk Kopi Hitam", description="kopi tubruk")
    assert search("kopi tubruk") == [whole, again, filter_paper, half]


def test_the_sku_and_the_category_are_searched_too(search, add):
    product = add("Teh", sku="TEH-77.X", category="minuman-panas")
    assert [search(text) for text in ("teh-77.x", "77", "panas minuman")] == [[product]] * 3


def test_filters_narrow_a_search(search, add):
    cheap, _dear = add("Kopi A", price=10), add("Kopi B", price=20)
    other = add("Kopi C", price=10, category="lain")
    assert search("kopi", category="minuman", max_price=15) == [cheap]
    assert search("kopi", min_price=5, max_price=15) == [cheap, other]


@pytest.mark.parametrize(
    ("sort", "order"), [("price", "bca"), ("-price", "acb"), ("name", "cab"), ("id", "abc"), ("-id", "cba")]
)
def test_a_search_can_be_sorted_otherwise(search, add, sort: str, order: str):
    numbers = {add("Kopi Merah", price=30): "a", add("Teh Kopi", price=10): "b", add("Kopi Hitam", price=20): "c"}
    add("Air", price=1)
    assert "".join(numbers[number] for number in search("kopi", sort)) == order


def test_the_index_follows_changes_and_removals(search, add, catalogue):
    product = add("Kopi")
    catalogue.change(product, '"v1"', {"name": "Teh", "description": "hijau"})
    assert (search("kopi"), search("teh"), search("hijau")) == ([], [product], [product])
    catalogue.change(product, '"v2"', {"price": 5})
    assert search("teh hijau") == [product]
    catalogue.remove(product, "*")
    assert search("teh") == []


def test_a_refused_change_leaves_the_index_alone(search, add, catalogue):
    product = add("Kopi", sku="A")
    add("Teh", sku="B")
    with pytest.raises(Exception, match="SKU"):
        catalogue.change(product, "*", {"name": "Susu", "sku": "B"})
    assert (search("kopi"), search("susu")) == ([product], [])


def test_no_words_find_nothing(search, add):
    add("Kopi")
    assert search("***") == search("😀", "price") == []


HOSTILE = [
    '"',
    '""" OR 1',
    "kopi AND",
    "NOT kopi",
    "NEAR(kopi teh)",
    "name_words : kopi",
    "{name_words}:kopi",
    "-kopi",
    "^kopi",
    "kopi*",
    "kopi:*",
    "!kopi & |",
    "(((",
    "kopi')",
    "'; DROP TABLE products; --",
    "\\",
    "a\0b",
    "😀",
    "ko\u200bpi",
    "\ufffe\ufdd0",
    "١٢٣ ⅷ ²",
    "中文 ไทย हिन्दी",
    "a " * 100,
]


def test_no_text_breaks_the_search(search, add):
    product = add("Kopi")
    for text in HOSTILE:
        assert set(search(text)) <= {product}, text
        assert set(search(text, "-name")) <= {product}, text


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(max_size=40).filter(lambda text: "\0" not in text))
def test_a_product_is_found_by_any_words_of_its_name(search, add, name: str):
    if not (words := plain_words(name)):
        return
    product = add(name)
    for start, end in pairwise([0, len(words) // 2, len(words)]):
        if words[start:end]:
            assert search(" ".join(words[start:end]), "-id")[0] == product
