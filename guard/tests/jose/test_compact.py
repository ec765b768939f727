import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapura.jose import (
    InvalidJwsError,
    encode_base64url,
    generate_signing_key,
    import_key,
    parse_compact,
    parse_compact_with_embedded_key,
    sign,
    verify,
)

KEY = generate_signing_key("ES256", kid="k1")
TOKEN = sign({"sub": "ani", "n": 1}, KEY, typ="at+jwt")


def with_header(header: object) -> str:
    _, payload, signature = TOKEN.split(".")
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return f"{encode_base64url(raw)}.{payload}.{signature}"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"])
def test_a_type_is_compared_as_a_media_type(typ):
    assert parse_compact(with_header({"alg": "ES256", "typ": typ})).header.typ == "at+jwt"


@pytest.mark.parametrize(
    "member",
    [{"jwk": {}}, {"jku": "https://evil.example"}, {"x5u": "https://evil.example"}, {"x5c": []}, {"crit": []},
     {"crit": ["exp"]}, {"b64": False}, {"b64": True}, {"crit": ["b64"], "b64": False}],
)  # fmt: skip
def test_a_header_that_brings_its_own_key_or_rules_is_refused(member):
    with pytest.raises(InvalidJwsError, match="brings its own"):
        parse_compact(with_header({"alg": "ES256", "typ": "at+jwt", **member}))


def test_only_a_proof_of_possession_may_carry_its_key():
    proof = with_header({"alg": "ES256", "typ": "dpop+jwt", "jwk": {"kty": "EC"}})
    assert parse_compact_with_embedded_key(proof).header.parameters["jwk"] == {"kty": "EC"}
    with pytest.raises(InvalidJwsError):
        parse_compact_with_embedded_key(with_header({"alg": "ES256", "jwk": {}, "crit": ["jwk"]}))


@pytest.mark.parametrize(
    "header",
    [{}, {"alg": None}, {"alg": 1}, {"alg": ["ES256"]}, {"alg": "ES256", "kid": 1}, {"alg": "ES256", "kid": "k" * 257},
     {"alg": "ES256", "typ": 5}, {"alg": "ES256", "typ": "t" * 65}, {"alg": "ES256", "typ": "jw\u212a"}, [], "x", b"{",
     b'{"alg":"ES256","alg":"none"}'],
)  # fmt: skip
def test_a_header_that_is_not_in_form_is_refused(header):
    with pytest.raises(InvalidJwsError):
        parse_compact(with_header(header))


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", TOKEN + ".", TOKEN + ".x", "." + TOKEN, TOKEN.replace(".", " ."), TOKEN + "\n", " " + TOKEN,
     TOKEN + "=", TOKEN.replace(".", "..", 1), TOKEN[:-1], "\u0435yJ" + TOKEN[3:], "\x00", "a.b.c.d.e"],
)  # fmt: skip
def test_a_text_that_is_not_exactly_one_compact_jws_is_refused(token):
    with pytest.raises(InvalidJwsError):
        verify(token, KEY.verification_key, typ={"at+jwt"})


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_megabyte_is_refused_before_it_is_decoded(place, cpu_seconds):
    segments = TOKEN.split(".")
    segments[place] = "A" * 1_000_000

    def parse():
        with pytest.raises(InvalidJwsError, match="too long"):
            parse_compact(".".join(segments))

    assert cpu_seconds(parse) < 0.01


@pytest.mark.parametrize(("place", "size"), [(0, 4097), (2, 1401)])
def test_each_segment_has_its_own_limit(place, size):
    segments = TOKEN.split(".")
    segments[place] = "A" * size
    with pytest.raises(InvalidJwsError, match="too long"):
        parse_compact(".".join(segments))


def test_another_type_or_algorithm_is_refused():
    with pytest.raises(InvalidJwsError, match="another type"):
        verify(TOKEN, KEY.verification_key, typ={"jwt"})
    with pytest.raises(InvalidJwsError, match="algorithm"):
        verify(TOKEN, generate_signing_key("EdDSA").verification_key, typ={"at+jwt"})
    with pytest.raises(InvalidJwsError, match="signature"):
        verify(TOKEN, generate_signing_key("ES256").verification_key, typ={"at+jwt"})


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, len(TOKEN) - 1), character=st.characters(max_codepoint=0x17F))
def test_any_changed_character_is_refused(position, character):
    changed = TOKEN[:position] + character + TOKEN[position + 1 :]
    if changed != TOKEN:
        with pytest.raises(InvalidJwsError):
            verify(changed, KEY.verification_key, typ={"at+jwt"})


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_inserted_or_missing_piece_is_refused(data):
    start = data.draw(st.integers(0, len(TOKEN)))
    end = data.draw(st.integers(start, min(len(TOKEN), start + 5)))
    changed = TOKEN[:start] + data.draw(st.text("AZaz09-_.= \n", max_size=5)) + TOKEN[end:]
    if changed != TOKEN:
        with pytest.raises(InvalidJwsError):
            verify(changed, KEY.verification_key, typ={"at+jwt"})


@pytest.mark.parametrize("r", [0, 1, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, 2**256 - 1])
def test_an_ecdsa_signature_of_special_numbers_is_refused(r, s):  # CVE-2022-21449
    signature = encode_base64url(r.to_bytes(32) + s.to_bytes(32))
    with pytest.raises(InvalidJwsError, match="signature"):
        verify(TOKEN.rsplit(".", 1)[0] + "." + signature, KEY.verification_key, typ={"at+jwt"})


@pytest.mark.parametrize("alg", ["ES256", "RS256", "PS256", "EdDSA"])
@pytest.mark.parametrize("signature", [b"", b"\x00", b"\x00" * 64, b"\x30\x06\x02\x01\x01\x02\x01\x01", b"\xff" * 1000])
def test_a_signature_of_the_wrong_form_is_wrong(alg, signature):
    key = generate_signing_key(alg)
    signing_input = sign({}, key, typ="at+jwt").rsplit(".", 1)[0]
    with pytest.raises(InvalidJwsError, match="signature"):
        verify(f"{signing_input}.{encode_base64url(signature)}", import_key(key.public_jwk()), typ={"at+jwt"})
