import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import digest_of, is_same_token, new_token

TOKEN = new_token("gpr_rt")


def test_a_token_is_its_prefix_a_secret_and_a_checksum():
    prefix, _, body = TOKEN.text.rpartition("_")
    assert prefix == "gpr_rt"
    assert len(body) == 43 + 6
    assert body.isalnum()
    assert body.isascii()
    assert TOKEN.digest == hashlib.sha256(TOKEN.text.encode()).digest()


def test_a_token_is_found_by_its_digest():
    assert digest_of(TOKEN.text) == digest_of(TOKEN.text, prefix="gpr_rt") == TOKEN.digest
    assert is_same_token(TOKEN.digest, TOKEN.text)


def test_a_token_of_another_kind_is_not_one():
    assert digest_of(TOKEN.text, prefix="gpr_at") is None
    assert not is_same_token(TOKEN.digest, new_token("gpr_rt").text)


def test_no_two_tokens_are_alike():
    assert len({new_token("gpr_rt").text for _ in range(1000)}) == 1000


def test_the_text_of_a_token_does_not_get_into_logs():
    assert TOKEN.text not in repr(TOKEN)


@given(st.integers(0, len(TOKEN.text) - 1), st.characters())
def test_a_token_with_any_character_changed_is_refused(place, character):
    changed = TOKEN.text[:place] + character + TOKEN.text[place + 1 :]
    if changed != TOKEN.text:
        assert digest_of(changed) is None
        assert not is_same_token(TOKEN.digest, changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gpr_rt_",
        TOKEN.text[:-1],
        TOKEN.text + "0",
        TOKEN.text + "\n",
        " " + TOKEN.text,
        TOKEN.text.upper(),
        TOKEN.text.removeprefix("gpr_"),
        "x" * 10_000_000,
        "gpr_rt_" + "\uff10" * 49,
        "\ud800" + TOKEN.text,
        "a.b.c",
    ],
    ids=range(12),  # the texts are random, and the names of tests must not be
)
def test_garbage_is_refused_without_a_look_up(text):
    assert digest_of(text) is None


@given(st.text())
def test_any_text_has_a_digest_or_none(text):
    assert digest_of(text) is None


@pytest.mark.parametrize("prefix", ["", "GPR", "_gpr", "gpr_", "gpr__rt", "gpr-rt", "1gpr", "a" * 25, "gpr\n", "gpré"])
def test_a_prefix_that_could_not_be_read_back_is_refused(prefix):
    with pytest.raises(ValueError, match="lower-case words"):
        new_token(prefix)
