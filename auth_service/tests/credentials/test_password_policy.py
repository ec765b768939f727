# ruff: noqa: RUF001 - characters that look like others are what is tested
import secrets
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import UnacceptablePassword, check_password
from gapura_auth.credentials.predictability import count_pieces, repeating_unit

CONTEXT = ("user1", "ella.fitz@example.com", "Gudang Kita")
ACCEPTABLE = [
    "correct horse battery staple",
    "kucing-terbang-di-awan",
    "Xk9#mQ2v",
    "MjHeRQPv",  # neighbouring keys, but around corners
    "пароль для кота",
    "我的密碼很難猜到",
    "👩\u200d🚀 to the moon",
    "gapura dan lima ekor bebek",  # a word of the context is fine inside enough that is not
    "tr4ktor!biru",
    "a" * 20 + " lima ekor",
    " leading and trailing ",
]
SHORT, COMMON, CONTEXTUAL, PREDICTABLE, CONTROL = (
    "password_too_short",
    "password_common",
    "password_from_context",
    "password_predictable",
    "password_control_character",
)
UNACCEPTABLE = [
    ("", {SHORT}),
    ("Xk9#mQ2", {SHORT}),
    ("pass123", {SHORT, COMMON}),
    ("password", {COMMON}),
    ("PASSWORD", {COMMON}),
    ("ｐａｓｓｗｏｒｄ", {COMMON}),
    ("password1", {COMMON}),
    ("2024password!!!", {COMMON}),
    ("P@ssw0rd!!", {COMMON}),
    ("p a s s w o r d", {COMMON}),
    ("passwordpassword1", {COMMON}),
    ("rahasia123", {COMMON}),
    ("dragon84719302847", {COMMON}),
    ("user1user1", {COMMON, CONTEXTUAL, PREDICTABLE}),
    ("1resu-1resu!", {CONTEXTUAL}),
    ("ella.fitz99", {CONTEXTUAL}),
    ("fitzella2024", {CONTEXTUAL}),
    ("gapura2024", {CONTEXTUAL}),
    ("G4pur4-2024!", {CONTEXTUAL}),
    ("gudangkita", {CONTEXTUAL}),
    ("aaaaaaaaaaaa", {PREDICTABLE}),
    ("        ", {PREDICTABLE}),
    ("aaaabbbbcccc", {PREDICTABLE}),
    ("abcdefghijkl", {PREDICTABLE}),
    ("zyxwvutsrq", {PREDICTABLE}),
    ("12345678", {COMMON, PREDICTABLE}),
    ("asdfjkl;asdf", {PREDICTABLE}),
    ("poiuytrewq][", {COMMON, PREDICTABLE}),
    ("qwertzuiop123", {COMMON, PREDICTABLE}),
    ("3edc4rfv5tgb", {PREDICTABLE}),
    ("xkqzvbxkqzvb", {PREDICTABLE}),
    ("tab\tand\nbreak", {CONTROL}),
]


def refusal_of(password, **options):
    with pytest.raises(UnacceptablePassword) as refusal:
        check_password(password, context=CONTEXT, **options)
    return refusal.value


@pytest.mark.parametrize("password", ACCEPTABLE)
def test_a_password_that_is_hard_to_guess_may_be_set(password):
    check_password(password, context=CONTEXT)


@pytest.mark.parametrize(("password", "codes"), UNACCEPTABLE)
def test_a_password_that_is_easy_to_guess_is_refused_with_every_reason(password, codes):
    refusal = refusal_of(password)
    assert set(refusal.reason_codes) == codes
    assert len(refusal.reasons) == len(refusal.reason_codes)
    assert all(reason.endswith(".") for reason in refusal.reasons)
    assert refusal.sentence == " ".join(refusal.reasons)
    assert refusal.code == "password_unacceptable"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * 1025, "password_too_long"),
        ("é" * 513, "password_too_long"),
        ("\ufdfa" * 100, "password_too_long"),  # 300 bytes as typed, eleven times as many once normalised
        ("x" * 10_000_000, "password_too_long"),
        ("sound horse\0battery", "password_nul"),
        ("sound horse \ud83d battery", "password_surrogate"),
    ],
)
def test_a_password_that_cannot_be_hashed_is_refused_for_that_alone(password, code):
    assert refusal_of(password).reason_codes == (code,)


def test_the_length_counts_characters_after_normalisation():
    assert SHORT in refusal_of("e\u0301" * 5, minimum=6).reason_codes
    check_password("lü9-ß😀", context=(), minimum=6)
    assert "15 characters" in refusal_of("kucing terbang", minimum=15).sentence


def test_the_longest_password_is_checked_in_no_time():
    for password in ("1" * 1023 + "a", "a1" * 512, "`" * 1024, "é" * 512):
        start = time.process_time()
        refusal_of(password)
        assert time.process_time() - start < 1


def test_generated_passwords_are_never_refused():
    for _ in range(500):
        check_password(secrets.token_urlsafe(12), context=CONTEXT)


@given(st.text(max_size=40), st.tuples(st.text(max_size=20), st.text(max_size=20)))
def test_any_text_is_accepted_or_refused_and_nothing_else(password, context):
    with suppress(UnacceptablePassword):
        check_password(password, context=context)


@given(st.text(min_size=1, max_size=12), st.integers(2, 5))
def test_a_repeated_text_has_the_unit_of_what_was_repeated(text, times):
    assert repeating_unit(text * times) == repeating_unit(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("", 0), ("a", 1), ("ab", 2), ("abc", 1), ("abcx", 2), ("aaa111", 2), ("qwe321xz", 4), ("q1w2", 4)],
)
def test_a_run_counts_as_one_piece(text, pieces):
    assert count_pieces(text) == pieces
