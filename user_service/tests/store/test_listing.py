from dataclasses import replace

import pytest

from gapura_chassis.errors import Invalid
from gapura_users.search_key import search_key
from gapura_users.store.listing import Search

#: username, name, given name, family name; created in this order
PEOPLE = [
    ("user2", "Siti Aminah", "Siti", "Aminah"),
    ("User10", "Budi Santoso", "Budi", "Santoso"),
    ("santi", "Santi Dewi", "Santi", "Dewi"),
    ("agus_s", None, None, None),
    ("budi%", "Santoso", None, "Santoso"),
    ("user1", "Ångström", None, "Ångström"),
]
BY_USERNAME = ["agus_s", "budi%", "santi", "user1", "User10", "user2"]
BY_NAME = ["agus_s", "User10", "santi", "budi%", "user2", "user1"]
BY_CREATION = [username for username, *_ in PEOPLE]


@pytest.fixture
def people(store, make_profile):
    for turn, (username, name, given_name, family_name) in enumerate(PEOPLE):
        names = {"name": name, "given_name": given_name, "family_name": family_name}
        store.add_if_absent(make_profile(f"s-{turn}", username, created_at=turn, **names))
    return store


def usernames(store, search, pages=100):
    found = []
    while pages:
        page = store.page(search)
        found += [profile.username for profile in page.items]
        if page.next is None:
            return found
        assert len(page.items) == search.limit
        search = replace(search, cursor=page.next)
        pages -= 1
    pytest.fail("The pages never end.")


SORTED = {
    None: BY_USERNAME,
    "username": BY_USERNAME,
    "-username": BY_USERNAME[::-1],
    "name": BY_NAME,
    "-name": BY_NAME[::-1],
    "created_at": BY_CREATION,
    "-created_at": BY_CREATION[::-1],
}


def test_every_profile_comes_once_and_in_order_whatever_the_size_of_the_pages(people):
    for limit in (1, 2, 6, 100):
        assert {sort: usernames(people, Search("", sort, limit)) for sort in SORTED} == SORTED


@pytest.mark.parametrize("sort", ["username", "-username", "created_at"])
def test_equal_keys_are_told_apart_by_id(store, make_profile, sort):
    for turn in range(5):
        store.add_if_absent(make_profile(f"s-{turn}", f"user{turn}", name="Budi", created_at=7))
        store.add_if_absent(make_profile(f"t-{turn}", f"USER{turn}", created_at=7))
    found = usernames(store, Search("", sort, 3))
    assert len(found) == len(set(found)) == 10


BY_MATCH = {
    "user": ["user1", "User10", "user2"],
    "USER1": ["user1", "User10"],
    "sant": ["santi", "budi%", "User10"],
    "santoso": ["budi%", "User10"],
    "budi santoso": ["User10"],
    "a\u030angstr": ["user1"],  # composed differently
    "budi%": ["budi%"],
    "b%": [],
    "agus_": ["agus_s"],
    "user_": [],
    "antoso": [],
    "\U0010ffff": [],
    "' OR 1=1 --": [],
}


def test_a_search_finds_beginnings_of_names_once_in_the_order_of_what_matched(people):
    for limit in (1, 2, 100):
        assert {text: usernames(people, Search(search_key(text), None, limit)) for text in BY_MATCH} == BY_MATCH


SANT_SORTED = {
    "username": ["budi%", "santi", "User10"],
    "-username": ["User10", "santi", "budi%"],
    "name": ["User10", "santi", "budi%"],
    "-created_at": ["budi%", "santi", "User10"],
}


@pytest.mark.parametrize("near", [0, 2, 2000])
def test_a_search_can_be_sorted_whether_the_matches_are_near_or_far(people, monkeypatch, near):
    monkeypatch.setattr("gapura_users.store.listing.NEAR", near)
    for limit in (1, 2, 100):
        assert {sort: usernames(people, Search("sant", sort, limit)) for sort in SANT_SORTED} == SANT_SORTED


def test_a_page_goes_on_where_it_was_although_rows_came_and_went(people, make_profile):
    first = people.page(Search("", "username", 2))
    people.remove(first.items[-1].id, 1)
    people.add_if_absent(make_profile("s-9", "aaa"))
    people.add_if_absent(make_profile("s-8", "mega"))
    assert usernames(people, Search("", "username", 2, first.next)) == ["mega", "santi", "user1", "User10", "user2"]


@pytest.mark.parametrize("other", [Search("", "-username", 2), Search("", "name", 2), Search("u", "username", 2)])
def test_a_cursor_is_refused_for_another_search(people, other):
    cursor = people.page(Search("", "username", 2)).next
    with pytest.raises(Invalid):
        people.page(replace(other, cursor=cursor))


def test_the_longest_keys_still_make_a_cursor_that_is_accepted(store, make_profile):
    for turn in range(3):
        store.add_if_absent(make_profile("\U0001d11e" * 254 + str(turn), "\U0001d11e" * 255))
    assert len(usernames(store, Search("", None, 1))) == 3
