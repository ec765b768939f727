"""Two readers of the same bytes understand different tokens, or one of them never comes to an end."""

import json

from gapura.jose import encode_base64url
from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_RFC_7515 = "RFC 7515 section 2"
_DUPLICATES = "RFC 7515 section 4, RFC 7519 section 4"


def _repeated(forger: Forger, member: bytes) -> bytes:
    return json.dumps(forger.claims()).encode()[:-1] + b"," + member + b"}"


def _payload(name: str, reference: str, raw: bytes) -> Attack:
    return Attack(name, reference, lambda forger: forger.signed(claims=raw))


def _added(name: str, reference: str, member: bytes) -> Attack:
    return Attack(name, reference, lambda forger: forger.signed(claims=_repeated(forger, member)))


def _text(name: str, reference: str, before: str = "", after: str = "") -> Attack:
    return Attack(name, reference, lambda forger: before + forger.good() + after)


def _repeated_alg(forger: Forger) -> str:
    return forger.signed(b'{"alg":"none","typ":"at+jwt","alg":"ES256","kid":"%b"}' % forger.issuer.key.kid.encode())


def _stray_bits(forger: Forger) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    good = forger.good()
    return good[:-1] + alphabet[alphabet.index(good[-1]) ^ 1]


def _standard_alphabet(forger: Forger) -> str:
    header, payload, _ = forger.parts()
    return f"{header}.{payload}.{'+/' * 43}"


def _padded(forger: Forger) -> str:
    return "==.".join(forger.parts()) + "=="


def _json_serialization(forger: Forger) -> str:
    protected, payload, signature = forger.parts()
    flattened = {"protected": protected, "payload": payload, "signature": signature}
    return json.dumps(flattened, separators=(",", ":"))


def _nested(forger: Forger) -> str:
    return forger.signed(forger.header(cty="JWT"), forger.good().encode())


def _huge(segment: int) -> Attack:
    def make(forger: Forger) -> str:
        parts = list(forger.parts())
        parts[segment] = "A" * 1_000_000
        return ".".join(parts)

    return Attack(f"megabyte-in-segment-{segment + 1}", "CWE-400: memory", make)


def _compressed(forger: Forger) -> str:
    return forger.signed(forger.header(zip="DEF"), b"\x4b\x4c\x04" + b"\0" * 64)


ATTACKS = (
    _added("sub-twice", _DUPLICATES, b'"sub":"admin"'),
    _added("exp-twice", _DUPLICATES, b'"exp":9999999999'),
    _added("sub-twice-in-disguise", _DUPLICATES, b'"\\u0073ub":"admin"'),
    Attack("alg-twice", _DUPLICATES, _repeated_alg),
    _added("number-that-is-none", "RFC 8259 section 6", b'"x":NaN'),
    _added("number-without-end", "RFC 8259 section 6", b'"x":1e999'),
    _added("number-of-5000-digits", "CVE-2020-10735", b'"x":' + b"9" * 5000),
    _added("half-a-character", "RFC 8259 section 8.2", b'"x":"\\ud800"'),
    _added("bytes-that-are-not-text", "RFC 7515 section 5.2", b'"x":"\xff"'),
    _payload("payload-with-byte-order-mark", "RFC 8259 section 8.1", b"\xef\xbb\xbf{}"),
    _payload("payload-that-is-a-list", "RFC 7519 section 7.2", b"[]"),
    _payload("payload-that-is-empty", "RFC 7519 section 7.2", b""),
    _payload("payload-5000-levels-deep", "CWE-674: recursion", b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    Attack("payload-that-is-compressed", "CVE-2024-28102: decompression bomb", _compressed),
    Attack("token-in-a-token", "RFC 7519 section 7.2", _nested),
    *(_huge(segment) for segment in range(3)),
    Attack("padding", _RFC_7515, _padded),
    Attack("standard-alphabet", _RFC_7515, _standard_alphabet),
    Attack("stray-bits", "RFC 4648 section 3.5: malleable encoding", _stray_bits),
    _text("trailing-dot", "RFC 7515 section 3.1", after="."),
    _text("fourth-segment", "RFC 7515 section 3.1", after="." + encode_base64url(b"x")),
    _text("leading-dot", "RFC 7515 section 3.1", before="."),
    _text("byte-zero-at-the-end", _RFC_7515, after="\x00"),
    Attack("json-serialization", "RFC 7515 section 7.2", _json_serialization),
)
