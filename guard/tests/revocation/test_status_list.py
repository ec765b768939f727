import zlib

import pytest

from gapura.errors import InvalidTokenError
from gapura.jose import encode_base64url
from gapura.revocation import decode_status_list, encode_status_list, status_list_claims

URI = "https://login.example/status-lists/1"


def claims(**changes: object) -> dict[str, object]:
    good = status_list_claims(URI, encode_status_list([3], size=16), now=1000.7, lifetime=60)
    return {name: value for name, value in (good | changes).items() if value is not ...}


def test_what_was_published_is_read():
    status_list = decode_status_list(claims(), uri=URI)
    assert [index for index in range(16) if status_list[index]] == [3]
    assert (len(status_list), status_list.issued_at, status_list.expires_at) == (16, 1000, 1060)


def test_bits_are_packed_as_the_draft_packs_them():
    # The example of draft-ietf-oauth-status-list section 4.1: these 16 statuses are the bytes B9 A3.
    statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    encoded = encode_status_list([index for index, status in enumerate(statuses) if status], size=16)
    status_list = decode_status_list(claims(status_list=encoded), uri=URI)
    assert status_list.packed == bytes.fromhex("b9a3")
    assert [status_list[index] for index in range(16)] == statuses


def test_the_drafts_own_example_is_read():
    example = {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}
    assert decode_status_list(claims(status_list=example), uri=URI).packed == bytes.fromhex("b9a3")


def test_lists_with_more_bits_are_read_too():
    # Section 4.1 again, with two bits a status.
    statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    packed = zlib.compress(bytes.fromhex("c944f9"))
    status_list = decode_status_list(claims(status_list={"bits": 2, "lst": encode_base64url(packed)}), uri=URI)
    assert [status_list[index] for index in range(12)] == statuses
    with pytest.raises(IndexError):
        status_list[12]


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": ...},
        {"sub": URI + "0"},
        {"iat": ...},
        {"exp": "never"},
        {"status_list": ...},
        {"status_list": []},
        {"status_list": {"lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": True, "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 1}},
        {"status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ=="}},
        {"status_list": {"bits": 1, "lst": "eNrbuRgAAhcB"}},
        {"status_list": {"bits": 1, "lst": "AAAA"}},
        {"status_list": {"bits": 1, "lst": encode_base64url(zlib.compress(b"x") + b"more")}},
    ],
)
def test_a_list_that_is_not_in_form_is_refused(changes):
    with pytest.raises(InvalidTokenError):
        decode_status_list(claims(**changes), uri=URI)


def test_without_an_end_a_list_does_not_expire():
    assert decode_status_list(claims(exp=...), uri=URI).expires_at == float("inf")


def test_a_decompression_bomb_is_not_unpacked(cpu_seconds):
    bomb = {"bits": 1, "lst": encode_base64url(zlib.compress(bytes(100_000_000)))}

    def decode():
        with pytest.raises(InvalidTokenError, match="too large"):
            decode_status_list(claims(status_list=bomb), uri=URI)

    assert cpu_seconds(decode) < 0.1


def test_an_index_outside_of_the_list_cannot_be_revoked():
    with pytest.raises(IndexError):
        encode_status_list([16], size=16)


def test_a_million_sessions_fit_into_150_kilobytes_and_are_packed_in_a_moment(cpu_seconds):
    assert cpu_seconds(lambda: encode_status_list(range(0, 1_000_000, 1000), size=1_000_000)) < 0.1
    encoded = encode_status_list(range(0, 1_000_000, 1000), size=1_000_000)
    assert len(str(encoded["lst"])) < 10_000
    assert len(decode_status_list(claims(status_list=encoded), uri=URI).packed) <= 150_000
