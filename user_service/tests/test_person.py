import pytest

from gapura.claims import read_access_token
from gapura_users.person import is_identifier, person_of
from gapura_users.profile import Person


def token(**claims: object):
    return read_access_token({"sub": "s-1", "preferred_username": "user1", "iat": 5.5, "exp": 9} | claims)


def test_a_token_names_a_person():
    assert person_of(token()) == Person("s-1", "user1", 5_500_000)


def test_a_token_without_a_username_names_its_subject():
    assert person_of(token(preferred_username=None)).username == "s-1"


def test_a_program_is_no_person():
    assert person_of(token(client_id="s-1")) is None


@pytest.mark.parametrize("subject", ["s" * 256, "s\0", "s\ud800", "\u202e"])
def test_what_cannot_be_stored_is_no_person(subject):
    assert person_of(token(sub=subject)) is None


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("us\0er\ud8001", "user1"),
        ("\u202euser1", "user1"),
        (" user1 ", "user1"),
        ("u" * 300, "u" * 255),
        ("\0", "?"),
    ],
)
def test_a_username_is_shown_without_what_nobody_can_see(claimed, shown):
    assert person_of(token(preferred_username=claimed)).username == shown


@pytest.mark.parametrize(("text", "valid"), [("", False), ("s", True), ("s" * 255, True), ("s" * 256, False)])
def test_an_identifier_has_up_to_255_characters(text, valid):
    assert is_identifier(text) is valid
