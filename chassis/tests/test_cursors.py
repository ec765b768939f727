import base64
from hashlib import blake2b

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapura_chassis.cursors import decode_cursor, encode_cursor
from gapura_chassis.errors import Invalid

VALUES = st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
POSITIONS = st.lists(VALUES, max_size=4)
QUERY = "products by price"


@given(POSITIONS, st.text())
def test_a_cursor_comes_back_as_it_went(position, query):
    kinds = [type(value) for value in position]
    assert decode_cursor(encode_cursor(position, query), query, kinds) == position


@given(POSITIONS)
def test_a_cursor_of_another_query_is_refused(position):
    with pytest.raises(Invalid):
        decode_cursor(encode_cursor(position, "another"), QUERY, [type(value) for value in position])


@given(st.data())
def test_any_change_is_refused(data):
    cursor = encode_cursor([1, "a"], QUERY)
    at = data.draw(st.integers(0, len(cursor)))
    cut = data.draw(st.integers(0, 3))
    changed = cursor[:at] + data.draw(st.text(max_size=3)) + cursor[at + cut :]
    if changed != cursor:
        with pytest.raises(Invalid):
            decode_cursor(changed, QUERY, [int, str])


@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_nonsense_is_refused(text):
    with pytest.raises(Invalid):
        decode_cursor(text, QUERY, [int, str])


def forged(payload: bytes) -> str:
    digest = blake2b(QUERY.encode() + b"\0" + payload, person=b"gapura cursor", digest_size=8).digest()
    return base64.urlsafe_b64encode(digest + payload).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"{}", b"5", b"null", b"[1]", b'[1,"a",2]', b'["a",1]', b'[true,"a"]', b'[99999999999999999999,"a"]',
     b'[9223372036854775808,"a"]', b'[1,"\\u0000"]', b"[1,null]", b'[1.5,"a"]', b"\xff"],
)  # fmt: skip
def test_a_forged_digest_gains_nothing(payload):
    with pytest.raises(Invalid):
        decode_cursor(forged(payload), QUERY, [int, str])


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: cursor + "=",
        lambda cursor: cursor + "\n",
        lambda cursor: " " + cursor,
        lambda cursor: cursor[:-1] + chr(ord(cursor[-1]) + 1),
        lambda cursor: cursor * 1000,
        lambda _: "",
    ],
)
def test_another_spelling_of_the_same_bytes_is_refused(change):
    with pytest.raises(Invalid) as refused:
        decode_cursor(change(encode_cursor([1, "abc"], QUERY)), QUERY, [int, str])
    assert refused.value.errors == {"cursor": ["It was changed, or made for another query."]}


def test_half_a_surrogate_in_a_query_is_no_error():
    assert decode_cursor(encode_cursor([1], "\ud800"), "\ud800", [int]) == [1]


def test_a_cursor_is_short():
    assert len(encode_cursor([15_000_000, 1], QUERY)) < 32
    assert orjson.loads(base64.urlsafe_b64decode(encode_cursor([1], QUERY) + "==")[8:]) == [1]
