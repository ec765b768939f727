from dataclasses import replace

import pytest

from gapura.claims import read_access_token
from gapura_chassis.errors import PreconditionFailed
from gapura_users.directory import Directory
from gapura_users.store.listing import Search

ALL = Search("", None, 20)


def token(subject="s-1", username="user1", issued_at=1000, **claims):
    standard = {"sub": subject, "preferred_username": username, "iat": issued_at, "exp": 9e9}
    return read_access_token(standard | claims)


@pytest.fixture
def directory(store, clock):
    return Directory(store, clock)


def test_a_second_sight_changes_nothing(directory, clock):
    first = directory.welcome(token())
    clock.now += 60
    assert directory.welcome(token()) == first


def test_a_newer_token_brings_the_new_username_and_an_older_one_does_not_bring_the_old_one_back(directory):
    directory.welcome(token(username="old", issued_at=1000))
    assert directory.welcome(token(username="new", issued_at=1001)).username == "new"
    assert directory.welcome(token(username="old", issued_at=1000)).username == "new"


def test_a_new_username_is_found_and_the_old_one_is_not(directory):
    directory.welcome(token(username="old", issued_at=1000))
    reader = token(username="new", issued_at=1001, scope="users:read")
    directory.welcome(reader)
    found = {name: directory.visible(reader, replace(ALL, prefix=name)).items for name in ("old", "new")}
    assert (len(found["old"]), len(found["new"])) == (0, 1)


def test_of_two_renamings_at_once_the_one_that_was_stored_counts(directory, store, monkeypatch):
    known = directory.welcome(token(username="old", issued_at=1000))
    store.replace(replace(known, username="faster", version=known.version + 1), known.version)
    answers = iter([known])
    find = store.find
    monkeypatch.setattr(store, "find", lambda profile_id: next(answers, None) or find(profile_id))
    assert directory.welcome(token(username="slower", issued_at=1001)).username == "faster"


def test_a_profile_that_is_made_again_never_has_an_old_version(directory, clock):
    first = directory.welcome(token())
    changed = directory.change("s-1", {"name": "Budi"}, "*")
    directory.remove("s-1", "*")
    clock.now += 0.001
    again = directory.welcome(token())
    assert again.name is None
    assert again.version not in {first.version, changed.version}


@pytest.mark.parametrize("change", [lambda d: d.change("s-1", {"name": "Ani"}, "*"), lambda d: d.remove("s-1", "*")])
def test_a_change_between_the_check_and_the_statement_is_noticed(directory, store, monkeypatch, change):
    known = directory.welcome(token())
    store.replace(replace(known, name="Budi", version=known.version + 1), known.version)
    monkeypatch.setattr(store, "find", lambda _id: known)
    with pytest.raises(PreconditionFailed):
        change(directory)
