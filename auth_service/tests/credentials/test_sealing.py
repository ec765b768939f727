import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import CannotOpen, CredentialError, MasterKey, open_under, seal_under
from gapura_auth.credentials.errors import InvalidMasterKey

KEY = MasterKey.from_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
SECRET = bytes(range(32))

WAYS = {
    "a master key": (KEY.seal, KEY.open),
    "a secret": (
        lambda plaintext, context: seal_under(SECRET, plaintext, context),
        lambda sealed, context: open_under(SECRET, sealed, context),
    ),
}
both_ways = pytest.mark.parametrize(("seal", "open_"), WAYS.values(), ids=WAYS)


@both_ways
@given(plaintext=st.binary(max_size=200), context=st.binary(max_size=40))
def test_what_was_sealed_is_opened_again(seal, open_, plaintext, context):
    sealed = seal(plaintext, context)
    assert len(sealed) == 1 + 12 + len(plaintext) + 16
    assert sealed[0] == 1
    assert open_(sealed, context) == plaintext


@both_ways
@given(place=st.integers(0, 36), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(seal, open_, place, bit):
    sealed = bytearray(seal(b"rahasia!", b"key:1"))
    sealed[place] ^= 1 << bit
    with pytest.raises(CannotOpen):
        open_(bytes(sealed), b"key:1")


@both_ways
def test_every_shortened_or_lengthened_text_is_refused(seal, open_):
    sealed = seal(b"rahasia!", b"key:1")
    for changed in [*(sealed[:length] for length in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(CannotOpen):
            open_(changed, b"key:1")


@both_ways
@pytest.mark.parametrize("context", [b"", b"key:2", b"key:1\0", b"\0key:1"])
def test_another_context_does_not_open(seal, open_, context):
    with pytest.raises(CannotOpen):
        open_(seal(b"rahasia", b"key:1"), context)


@both_ways
def test_the_same_text_is_never_sealed_to_the_same_bytes(seal, open_):
    assert len({seal(b"rahasia", b"key:1") for _ in range(100)}) == 100
    assert open_(seal(b"", b""), b"") == b""


def test_another_key_does_not_open():
    sealed = KEY.seal(b"rahasia", b"key:1")
    with pytest.raises(CannotOpen) as refusal:
        MasterKey.generate().open(sealed, b"key:1")
    assert refusal.value.code == "cannot_open"
    with pytest.raises(CannotOpen):
        open_under(secrets.token_bytes(32), seal_under(SECRET, b"rahasia", b"key:1"), b"key:1")


def test_a_master_key_and_a_secret_of_the_same_bytes_are_different_keys():
    assert KEY.text() == base64.urlsafe_b64encode(SECRET).decode().rstrip("=")
    with pytest.raises(CannotOpen):
        open_under(SECRET, KEY.seal(b"rahasia", b"key:1"), b"key:1")
    with pytest.raises(CannotOpen):
        KEY.open(seal_under(SECRET, b"rahasia", b"key:1"), b"key:1")


def test_a_secret_that_could_be_guessed_is_refused():
    for use in (seal_under, open_under):
        with pytest.raises(ValueError, match="at least 32 bytes"):
            use(b"hunter2", b"", b"")


def test_what_was_sealed_yesterday_opens_today():
    sealed = bytes.fromhex("01510f245220e6f0430d30489623bedace1943717ea8bd32fae52f98f559263facbcaab1fbc2692b04e9")
    assert KEY.open(sealed, b"signing-key:1") == b"a private key"


def test_a_master_key_survives_being_written_down():
    key = MasterKey.generate()
    assert MasterKey.from_text(f" {key.text()}=\n") == key
    assert key != MasterKey.generate()
    assert key.text() not in repr(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        "A" * 42,
        "A" * 44,
        "A" * 42 + "+",
        "A" * 42 + "B",  # the same key as with a final A, spelled another way
        "A" * 43 + "==",
        "00" * 32,
        "kunci-rahasia-é" + "A" * 28,
    ],
)
def test_anything_else_is_no_master_key_and_the_sentence_says_how_to_make_one(text):
    with pytest.raises(InvalidMasterKey, match=r"secrets\.token_urlsafe") as refusal:
        MasterKey.from_text(text)
    assert isinstance(refusal.value, CredentialError)
    assert not text or text not in refusal.value.sentence.replace("secrets", "")


def test_the_way_to_make_one_that_the_sentence_names_works():
    assert MasterKey.from_text(secrets.token_urlsafe(32))
