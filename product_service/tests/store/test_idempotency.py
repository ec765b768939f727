from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from gapura_products.product import Product, ProductDetails
from gapura_products.store import idempotency
from gapura_products.store.idempotency import KeyReused, RequestKey, keep_answer, purge_expired, take_key

NOW = datetime(2025, 11, 22, 12, tzinfo=UTC)
DETAILS = ProductDetails(name="Teh", sku="A", price=1, category="minuman")
PRODUCT = Product(id=1, version=1, created_at=NOW, updated_at=NOW, name="Teh", sku="A", price=1, category="minuman")
KEY = RequestKey.of("s-1", "k-1", DETAILS)


@pytest.fixture
def take(database):
    def take_and_keep(key: RequestKey = KEY, now: datetime = NOW) -> Product | None:
        with database.write() as connection:
            before = take_key(connection, key, now)
            if before is None:
                keep_answer(connection, key, PRODUCT)
            return before

    return take_and_keep


def test_a_key_is_taken_once_and_gives_its_answer_from_then_on(take):
    assert take() is None
    assert take() == PRODUCT
    assert take(now=NOW + timedelta(hours=23, minutes=59)) == PRODUCT


def test_callers_have_keys_of_their_own(take):
    take()
    assert take(RequestKey.of("s-2", "k-1", DETAILS)) is None
    assert take(RequestKey.of("s-1", "k-2", DETAILS)) is None
    assert take(RequestKey.of("s-1\0k", "1", DETAILS)) is None


def test_a_key_stands_for_one_request(take):
    take()
    with pytest.raises(KeyReused):
        take(RequestKey.of("s-1", "k-1", ProductDetails(name="Teh", sku="A", price=2, category="minuman")))


def test_a_key_can_be_used_again_after_a_day(take):
    take()
    assert take(now=NOW + timedelta(hours=24)) is None


def test_a_transaction_that_fails_takes_no_key(database, take):
    with suppress(ZeroDivisionError), database.write() as connection:
        take_key(connection, KEY, NOW)
        raise ZeroDivisionError
    assert take() is None


def test_expired_keys_are_purged_in_small_batches(database, take, monkeypatch):
    monkeypatch.setattr(idempotency, "PURGE_BATCH", 2)
    for number in range(3):
        take(RequestKey.of("s-1", f"k-{number}", DETAILS))
    later = NOW + timedelta(hours=24)
    take(RequestKey.of("s-1", "k-9", DETAILS), later)
    with database.write() as connection:
        assert [purge_expired(connection, later) for _ in range(3)] == [2, 1, 0]
