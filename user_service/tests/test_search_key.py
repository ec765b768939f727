import pytest

from gapura_users.search_key import KEY_LENGTH, end_of_prefix, search_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Budi", "budi"),
        ("  Budi \t Santoso ", "budi santoso"),
        ("STRASSE", search_key("Straße")),
        ("\uff22\uff35\uff24\uff29", "budi"),  # full-width letters
        ("Jose\u0301", "jos\u00e9"),  # a combining accent
        ("\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2", "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3"),  # both sigmas
        ("", ""),
        (None, ""),
    ],
)
def test_texts_that_a_person_takes_for_the_same_have_one_key(text, key):
    assert search_key(text) == key


def test_a_key_is_bounded_however_much_the_text_grows():
    assert len(search_key("\ufdfa" * 100)) == KEY_LENGTH


@pytest.mark.parametrize(
    ("prefix", "end"),
    [
        ("a", "b"),
        ("az", "a{"),
        ("\ud7ff", "\ue000"),
        ("a\U0010ffff", "b"),
        ("\U0010ffff", None),
    ],
)
def test_the_end_of_a_prefix_is_the_next_text_that_does_not_begin_with_it(prefix, end):
    assert end_of_prefix(prefix) == end
