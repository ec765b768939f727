# ruff: noqa: RUF001 - characters that look like others are what is tested
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import InvalidUsername, canonical_username, parse_username
from gapura_auth.credentials.look_alikes import _mapped, _prototypes, skeleton
from gapura_auth.credentials.unicode_identifiers import script_of

VALID = {
    "user1": "user1",
    "admin": "admin",
    "Ani.Wijaya": "ani.wijaya",
    "  budi-santoso_2 \n": "budi-santoso_2",
    "josé": "josé",
    "jose\u0301": "josé",
    "Straße": "strasse",
    "ﬁona": "fiona",
    "ａｄｍｉｎ": "admin",
    "İbrahim": "ibrahim",
    "山田さん": "山田さん",
    "サーバー": "サーバー",
    "ani山田": "ani山田",
    "민수kim": "민수kim",
    "สมชาย": "สมชาย",
    "မြို့": "မြို့",
    "Nguyễn": "nguyễn",
    "Ọlájùmọ̀kẹ́": "ọlájùmọ̀kẹ́",
    "Иван": "иван",
    "a" * 64: "a" * 64,
}

INVALID = {
    "nothing": ("", "username_too_short"),
    "two letters": ("an", "username_too_short"),
    "only spaces": (" " * 40, "username_too_short"),
    "65 letters": ("a" * 65, "username_too_long"),
    "too long once folded": ("ß" * 33, "username_too_long"),
    "too long until folded": ("ｶﾞ" * 33, "username_too_long"),
    "ten megabytes": ("a" * 10_000_000, "username_too_long"),
    "an e-mail address": ("ani@example.com", "username_characters"),
    "a fullwidth at sign": ("ani＠example", "username_characters"),
    "a space": ("ani wijaya", "username_characters"),
    "a no-break space": ("ani\u00a0wijaya", "username_characters"),
    "a slash": ("ani/../root", "username_characters"),
    "markup": ("<b>ani</b>", "username_characters"),
    "an emoji": ("ani😀", "username_characters"),
    "an apostrophe that is a letter": ("ani\u02bcs", "username_characters"),
    "a number that is no digit": ("aniⅫ½", "username_characters"),
    "NUL": ("ani\0", "username_invisible"),
    "a line break": ("ani\nadmin", "username_invisible"),
    "a zero-width joiner": ("ad\u200dmin", "username_invisible"),
    "a zero-width space": ("ad\u200bmin", "username_invisible"),
    "a byte order mark": ("\ufeffadmin", "username_invisible"),
    "a right-to-left override": ("\u202enimda", "username_invisible"),
    "an isolate": ("\u2066admin", "username_invisible"),
    "a soft hyphen": ("ad\u00admin", "username_invisible"),
    "a variation selector": ("admin\ufe0f", "username_invisible"),
    "a combining grapheme joiner": ("ad\u034fmin", "username_invisible"),
    "a Hangul filler": ("admin\u3164", "username_invisible"),
    "a tag character": ("admin\U000e0061", "username_invisible"),
    "a lone surrogate": ("ani\ud800", "username_invisible"),
    "a private character": ("ani\ue000", "username_invisible"),
    "a leading dot": (".ani", "username_edges"),
    "a trailing hyphen": ("ani-", "username_edges"),
    "a leading accent": ("\u0301ani", "username_edges"),
    "punctuation only": ("._-", "username_edges"),
    "Zalgo": ("a\u0301\u0302\u0303\u0304dmin", "username_marks"),
    "Zalgo, modestly": ("ad\u0301\u0316\u0303min", "username_marks"),
    "the same accent twice": ("a\u0323\u0323dmin", "username_marks"),
    "five marks of one script": ("က\u1031\u102d\u102f\u1037\u1039", "username_marks"),
    "Cyrillic а in Latin": ("аdmin", "username_mixed_scripts"),
    "Greek ο in Latin": ("rοger", "username_mixed_scripts"),
    "micro sign in Latin": ("µtorrent", "username_mixed_scripts"),
    "Cyrillic and Han": ("иван山", "username_mixed_scripts"),
    "Cherokee": ("ᎠᏗᎹ", "username_mixed_scripts"),
    "digits of two systems": ("ani1२", "username_mixed_scripts"),
    "reserved": ("Gapura", "username_reserved"),
    "reserved, dressed up": ("r00t", "username_reserved"),
    "reserved, in a ligature's clothes": ("ｓｙｓｔｅｍ", "username_reserved"),
}

# Every pair is shown alike, and both are fine on their own.
LOOK_ALIKES = [
    ("сосо", "coco"),  # Cyrillic throughout
    ("mike", "rnike"),
    ("user1", "userl"),
    ("userI", "userl"),
    ("user0", "userO"),
    ("user0", "usero"),
    ("admin", "admın"),  # Turkish dotless i
    ("EIla", "ella"),
    ("ｍｉｋｅ", "rnike"),
]


@pytest.mark.parametrize(("text", "canonical"), VALID.items())
def test_a_name_in_any_one_script_is_a_username(text, canonical):
    username = parse_username(text)
    assert username.canonical == canonical
    assert username.display == unicodedata.normalize("NFC", text.strip())
    assert canonical_username(text) == canonical


@pytest.mark.parametrize(("text", "code"), INVALID.values(), ids=INVALID)
def test_a_name_that_breaks_a_rule_is_refused_with_its_code_and_a_sentence(text, code):
    with pytest.raises(InvalidUsername) as refusal:
        parse_username(text)
    assert refusal.value.code == code
    assert refusal.value.sentence == str(refusal.value)
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_names_that_look_alike_share_a_skeleton_but_not_a_key(one, other):
    one, other = parse_username(one), parse_username(other)
    assert one.skeleton == other.skeleton
    assert one.canonical != other.canonical


@pytest.mark.parametrize(("one", "other"), [("elia", "ella"), ("jose", "josé"), ("ani", "any"), ("ani.b", "ani-b")])
def test_names_that_differ_to_the_eye_have_skeletons_that_differ(one, other):
    assert parse_username(one).skeleton != parse_username(other).skeleton


def test_the_reserved_names_are_for_the_caller_to_choose():
    assert parse_username("root", reserved=frozenset()).canonical == "root"
    with pytest.raises(InvalidUsername, match="reserved"):
        parse_username("Kasir", reserved=frozenset({"kasir"}))


@pytest.mark.parametrize("text", ["", " ", "a" * 1_000_000, "ani\0", "\ud800", "\u202eani", "ani\nadmin", "\ue000"])
def test_odd_text_at_login_is_nobody_and_no_error(text):
    assert canonical_username(text) == ""


def test_a_reserved_name_can_still_be_looked_up():
    assert canonical_username(" ROOT ") == "root"


@given(st.text(max_size=300))
def test_looking_up_any_text_gives_something_a_database_can_compare(text):
    canonical = canonical_username(text)
    assert canonical.encode().decode() == canonical
    assert "\0" not in canonical


@given(st.text(st.characters(categories=["L", "N", "P", "M", "S", "Cf"]), min_size=1, max_size=20))
def test_what_is_accepted_is_accepted_again_unchanged(text):
    try:
        username = parse_username(text, reserved=frozenset())
    except InvalidUsername:
        return
    assert parse_username(username.display, reserved=frozenset()) == username
    assert canonical_username(username.display) == username.canonical
    assert canonical_username(username.canonical) == username.canonical
    assert "@" not in username.canonical
    assert username.canonical.isprintable()


@given(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,30}[a-zA-Z0-9]", fullmatch=True))
def test_every_plain_ascii_name_is_a_username(text):
    username = parse_username(text, reserved=frozenset())
    assert username.canonical == text.lower()
    assert parse_username(text.upper(), reserved=frozenset()).canonical == username.canonical


def test_every_character_of_the_table_settles_in_the_rounds_that_a_skeleton_takes():
    for character in _prototypes():
        settled = skeleton(character)
        assert _mapped(settled).casefold() == settled


@given(st.text(st.sampled_from("aеоcсрiІl1I0OmрАВ"), min_size=1, max_size=8))
def test_replacing_a_character_by_its_prototype_keeps_the_skeleton(text):
    replaced = "".join(_prototypes().get(character, character) for character in text)
    assert skeleton(replaced) == skeleton(text)


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("a", "LATIN"),
        ("а", "CYRILLIC"),
        ("-", "COMMON"),
        ("\u0301", "INHERITED"),
        ("ー", "KATAKANA"),
        ("\ue000", "UNKNOWN"),
    ],
)
def test_every_character_has_its_script(character, script):
    assert script_of(character) == script
