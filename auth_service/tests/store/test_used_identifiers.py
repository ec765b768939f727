"""What may be used only once, on both databases."""

from gapura_auth.store.used_identifiers import SqlUsedIdentifiers


def test_an_identifier_is_used_once(database):
    used = SqlUsedIdentifiers(database)
    assert used.first_use("assertion", "a", 100.0, 1.0)
    assert not used.first_use("assertion", "a", 100.0, 2.0)
    assert not used.first_use("assertion", "a", 900.0, 100.0)


def test_kinds_and_texts_do_not_meet(database):
    used = SqlUsedIdentifiers(database)
    assert used.first_use("assertion", "a", 100.0, 1.0)
    assert used.first_use("proof", "a", 100.0, 1.0)
    assert used.first_use("assertion", "b", 100.0, 1.0)


def test_an_identifier_may_come_again_when_what_it_stood_in_has_expired(database):
    used = SqlUsedIdentifiers(database)
    assert used.first_use("assertion", "a", 100.0, 1.0)
    assert used.first_use("assertion", "a", 200.0, 101.0)
    assert not used.first_use("assertion", "a", 300.0, 102.0)


def test_of_fifty_uses_at_the_same_moment_one_is_the_first(database, at_once):
    used = SqlUsedIdentifiers(database)
    assert sorted(at_once(50, lambda _: used.first_use("proof", "a", 100.0, 1.0))) == [False] * 49 + [True]


def test_any_text_can_be_used(database):
    used = SqlUsedIdentifiers(database)
    for text in ("", "\0", "\ud800", "ä" * 10_000):
        assert used.first_use("assertion", text, 100.0, 1.0)
        assert not used.first_use("assertion", text, 100.0, 1.0)
