from dataclasses import replace

import pytest

from gapura_users.profile import Address, Person, merged, new_profile, renamed

PROFILE = replace(new_profile(Person("s-1", "user1", 100), 1000), name="Budi", address=Address(locality="Bandung"))


def test_a_new_profile_starts_with_the_time_as_its_version():
    assert (PROFILE.version, PROFILE.created_at, PROFILE.updated_at) == (1000, 1000, 1000)


def test_an_absent_member_stays_and_null_clears():
    changed = merged(PROFILE, {"name": None, "nickname": "Bud"}, 2000)
    assert changed == replace(PROFILE, name=None, nickname="Bud", version=1001, updated_at=2000)


@pytest.mark.parametrize(
    ("patch", "address"),
    [
        ({"country": "Indonesia"}, Address(locality="Bandung", country="Indonesia")),
        ({"locality": "Jakarta"}, Address(locality="Jakarta")),
        ({"locality": None}, None),
        (None, None),
    ],
)
def test_an_address_is_merged_member_by_member(patch, address):
    assert merged(PROFILE, {"address": patch}, 2000).address == address


def test_an_address_is_made_where_there_is_none():
    bare = replace(PROFILE, address=None)
    assert merged(bare, {"address": {"region": "Bali"}}, 2000).address == Address(region="Bali")


@pytest.mark.parametrize("patch", [{}, {"name": "Budi"}, {"picture": None}, {"address": {}}])
def test_a_patch_that_changes_nothing_makes_no_new_version(patch):
    assert merged(PROFILE, patch, 2000) is PROFILE


def test_a_clock_that_goes_back_does_not_take_the_last_change_with_it():
    assert merged(PROFILE, {"name": "Ani"}, 5).updated_at == 1000


@pytest.mark.parametrize(
    ("username", "as_of", "result"), [("user2", 101, "user2"), ("user2", 100, "user1"), ("user2", 99, "user1")]
)
def test_only_a_newer_token_renames(username, as_of, result):
    assert renamed(PROFILE, Person("s-1", username, as_of), 2000).username == result


def test_a_token_with_the_same_name_changes_nothing():
    assert renamed(PROFILE, Person("s-1", "user1", 500), 2000) is PROFILE
