# ruff: noqa: RUF001 - characters that look like others are what is tested
import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_auth.credentials import Argon2Parameters, PasswordHasher, UnacceptablePassword, Verification
from gapura_auth.credentials import password_hashing as module

CHEAP = Argon2Parameters(memory_kib=8, time_cost=1)
HASHER = PasswordHasher(CHEAP)
RIGHT, WRONG = Verification(ok=True, needs_rehash=False), Verification(ok=False, needs_rehash=False)


class CountingArgon2(argon2.PasswordHasher):
    """Counts how often a whole Argon2 computation is made for a verification."""

    computed = 0

    def verify(self, hash, password):  # noqa: A002 - the library's name
        try:
            return super().verify(hash, password)
        except argon2.exceptions.VerifyMismatchError:
            self.computed += 1
            raise


@pytest.fixture
def counting(monkeypatch):
    monkeypatch.setattr(module.argon2, "PasswordHasher", CountingArgon2)
    hasher = PasswordHasher(CHEAP)
    return hasher, hasher._argon2  # noqa: SLF001 - the count is only there


def test_the_defaults_are_those_of_the_design():
    assert Argon2Parameters() == Argon2Parameters(memory_kib=19_456, time_cost=2, parallelism=1)
    stored = PasswordHasher().hash("kucing terbang")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_is_right_and_every_hash_has_its_own_salt():
    one, other = HASHER.hash("kucing terbang"), HASHER.hash("kucing terbang")
    assert one != other
    assert HASHER.verify(one, "kucing terbang") == HASHER.verify(other, "kucing terbang") == RIGHT


@pytest.mark.parametrize("wrong", ["", "Kucing terbang", "kucing terbang ", "kucing", "kucing terbang\0", "\ud800"])
def test_a_wrong_password_is_wrong(wrong):
    assert HASHER.verify(HASHER.hash("kucing terbang"), wrong) == WRONG


def test_a_password_is_the_same_from_every_keyboard():
    stored = HASHER.hash("café ﬁn １２")
    assert HASHER.verify(stored, "cafe\u0301 fin 12") == RIGHT


def test_a_hash_of_older_parameters_is_right_and_wants_to_be_made_anew():
    stored = HASHER.hash("kucing terbang")
    stronger = PasswordHasher(Argon2Parameters(memory_kib=16, time_cost=2))
    assert stronger.verify(stored, "kucing terbang") == Verification(ok=True, needs_rehash=True)
    assert stronger.verify(stored, "kucing") == WRONG


def test_a_hash_of_another_argon2_wants_to_be_made_anew():
    stored = argon2.PasswordHasher(1, 8, 1, type=argon2.Type.I).hash("kucing terbang")
    assert HASHER.verify(stored, "kucing terbang") == Verification(ok=True, needs_rehash=True)


@pytest.mark.parametrize(
    "stored", ["", "!", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$", "$2b$12$x", "ärgon", "\0"]
)
def test_a_malformed_hash_is_a_wrong_password_at_full_cost(counting, stored):
    hasher, argon = counting
    assert hasher.verify(stored, "kucing terbang") == WRONG
    assert argon.computed == 1


def test_an_absent_account_costs_what_a_wrong_password_costs(counting):
    hasher, argon = counting
    stored = hasher.hash("kucing terbang")
    hasher.verify(stored, "wrong")
    assert argon.computed == 1
    assert hasher.verify_absent("wrong") == WRONG
    assert argon.computed == 2


def test_the_hash_of_nobody_has_the_parameters_of_everybody(counting):
    hasher, argon = counting
    assert not argon.check_needs_rehash(hasher._nobodys_hash)  # noqa: SLF001 - seen nowhere else


@pytest.mark.parametrize("password", ["x" * 1025, "é" * 513, "x" * 10_000_000])
def test_a_password_over_1024_bytes_never_reaches_argon2(counting, password):
    hasher, argon = counting
    assert hasher.verify(hasher.hash("kucing terbang"), password) == WRONG
    assert hasher.verify_absent(password) == WRONG
    assert argon.computed == 0
    with pytest.raises(UnacceptablePassword):
        hasher.hash(password)


@given(st.text(max_size=60), st.text(max_size=60))
def test_verifying_anything_against_anything_never_raises(stored, password):
    assert HASHER.verify(stored, password) == WRONG


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_what_was_hashed_is_verified(password):
    assert HASHER.verify(HASHER.hash(password), password) == RIGHT
