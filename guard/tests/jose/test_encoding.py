import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapura.jose import InvalidJwsError, decode_base64url, encode_base64url, parse_json_object


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_what_was_encoded_decodes_to_itself(data):
    assert decode_base64url(encode_base64url(data).encode()) == data


@settings(deadline=None)
@given(st.binary(max_size=12))
def test_there_is_only_one_spelling_of_every_value(segment):
    try:
        decoded = decode_base64url(segment)
    except InvalidJwsError:
        return
    assert encode_base64url(decoded).encode() == segment


@pytest.mark.parametrize(
    "segment", [b"YQ==", b"YQ=", b"Y", b"YR", b"YWJ=", b"Y Q", b"YQ\n", b"\nYQ", b"Y+/Q", b"\xff\xfe"]
)
def test_padding_white_space_and_stray_bits_are_refused(segment):
    with pytest.raises(InvalidJwsError, match="base64url"):
        decode_base64url(segment)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":{"b":1,"b":2}}', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b'{"a":NaN}', "not one"),
        (b'{"a":-Infinity}', "not one"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":' + b"1" * 5000 + b"}", "well-formed"),
        (b'{"a":1,}', "well-formed"),
        (b"\xef\xbb\xbf{}", "well-formed"),
        (b'{"a":"\xff"}', "well-formed"),
        (b'{"a":"\\ud800"}', "half a character"),
        (b'{"\\udc00":1}', "half a character"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"{}"', "object"),
        (b"", "well-formed"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested"),
        (b'{"a":"]]]]","b":' + b"[" * 40 + b"]" * 40 + b"}", "nested"),
    ],
)
def test_json_that_parsers_disagree_about_is_refused(raw, reason):
    with pytest.raises(InvalidJwsError, match=reason):
        parse_json_object(raw)


def test_many_objects_side_by_side_are_not_deep():
    value = {"authorization_details": [{"type": "[{", "n": n} for n in range(50)]}
    assert parse_json_object(json.dumps(value).encode()) == value


def test_a_pair_of_surrogates_is_a_character():
    assert parse_json_object(rb'{"a":"\ud83d\ude00"}') == {"a": "\N{GRINNING FACE}"}


def test_json_200000_levels_deep_is_refused_in_a_moment(cpu_seconds):
    raw = b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"

    def parse():
        with pytest.raises(InvalidJwsError, match="nested"):
            parse_json_object(raw)

    assert cpu_seconds(parse) < 0.01


@pytest.mark.parametrize("length", [4, 6, 7, 8])
def test_no_byte_outside_of_the_alphabet_is_passed_over(length):
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for byte in set(range(256)).difference(alphabet):
        for place in range(length):
            segment = bytearray(b"A" * length)
            segment[place] = byte
            with pytest.raises(InvalidJwsError):
                decode_base64url(bytes(segment))
            segment[place:place] = b"A"
            with pytest.raises(InvalidJwsError):
                decode_base64url(bytes(segment))


def test_white_space_around_an_object_is_json_and_more_is_not():
    assert parse_json_object(b' \t\r\n{"a": 1}\n ') == {"a": 1}
    for wrong in (b"", b" ", b"{} {}", b"{}x", b"{}\x0c", b"\xc2\xa0{}", b"\x00{}"):
        with pytest.raises(InvalidJwsError, match="JSON"):
            parse_json_object(wrong)
