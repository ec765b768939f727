from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gapura_users.profile import Address

EVERY_MEMBER = {
    "name": "Budi Santoso",
    "given_name": "Budi",
    "family_name": "Santoso",
    "nickname": "Bud \U0001f600",
    "locale": "id-ID",
    "zoneinfo": "Asia/Jakarta",
    "phone_number": "+6281234567890",
    "address": Address(street_address="Jl. Braga 1", country="Indonesia"),
    "picture": "https://example.com/budi.jpg",
}


def test_a_profile_comes_back_as_it_was_stored(store, make_profile):
    profile = make_profile(**EVERY_MEMBER)
    assert store.add_if_absent(profile) == profile
    assert store.find("s-1") == profile


def test_nobody_is_found_under_an_unknown_id(store):
    assert store.find("s-1") is None


def test_identifiers_are_compared_exactly(store, make_profile):
    store.add_if_absent(make_profile("A"))
    assert store.find("a") is None


def test_the_first_profile_of_an_id_is_kept(store, make_profile):
    first = store.add_if_absent(make_profile(name="First"))
    assert store.add_if_absent(make_profile(name="Second")) == first


@pytest.mark.parametrize("members", [EVERY_MEMBER, {"address": None}])
def test_a_profile_is_replaced(store, make_profile, members):
    store.add_if_absent(make_profile(address=Address(locality="Bandung")))
    changed = make_profile(version=2, **members)
    assert store.replace(changed, 1)
    assert store.find("s-1") == changed


def test_another_version_is_neither_replaced_nor_removed(store, make_profile):
    profile = store.add_if_absent(make_profile())
    assert not store.replace(replace(profile, name="Budi"), 2)
    assert not store.remove("s-1", 2)
    assert store.find("s-1") == profile


def test_a_removed_profile_is_gone(store, make_profile):
    store.add_if_absent(make_profile())
    assert store.remove("s-1", 1)
    assert store.find("s-1") is None


def test_a_profile_that_is_removed_while_it_is_made_is_still_an_answer(store, make_profile, monkeypatch):
    monkeypatch.setattr(store, "find", lambda _id: None)
    assert store.add_if_absent(make_profile()) == make_profile()


def test_of_many_that_make_one_profile_all_get_the_same(store, make_profile):
    with ThreadPoolExecutor(50) as threads:
        kept = set(threads.map(lambda turn: store.add_if_absent(make_profile(created_at=turn)), range(50)))
    assert kept == {store.find("s-1")}


def test_of_many_that_replace_one_version_one_succeeds(store, make_profile):
    profile = store.add_if_absent(make_profile())
    changes = [replace(profile, version=2, name=f"Name {turn}") for turn in range(50)]
    with ThreadPoolExecutor(50) as threads:
        successes = list(threads.map(lambda changed: store.replace(changed, 1), changes))
    assert [changed for changed, success in zip(changes, successes, strict=True) if success] == [store.find("s-1")]
