"""The signature is missing, someone else's, or a number that verifies anything in careless arithmetic."""

from gapura.jose import decode_base64url, encode_base64url, generate_signing_key
from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_PSYCHIC = "CVE-2022-21449: psychic signatures"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _numbers(name: str, r: int, s: int) -> Attack:
    return Attack(
        name, _PSYCHIC, lambda forger: forger.with_signature(forger.unsigned(), r.to_bytes(32) + s.to_bytes(32))
    )


def _signature(forger: Forger) -> bytes:
    return decode_base64url(forger.parts()[2].encode())


def _der_signature(forger: Forger) -> str:
    raw = _signature(forger)
    halves = [b"\x02\x21\x00" + raw[:32], b"\x02\x21\x00" + raw[32:]]
    return forger.with_signature(forger.unsigned(), b"\x30\x46" + b"".join(halves))


def _changed_payload(forger: Forger) -> str:
    header, _, signature = forger.parts()
    return f"{header}.{forger.unsigned(claims=forger.claims(sub='admin')).split('.')[1]}.{signature}"


def _someone_elses_key(forger: Forger) -> str:
    return forger.signed(key=generate_signing_key("ES256", kid=forger.issuer.key.kid))


def _flipped_bit(forger: Forger) -> str:
    raw = bytearray(_signature(forger))
    raw[40] ^= 1
    return forger.with_signature(forger.unsigned(), bytes(raw))


def _hash_of_the_input(forger: Forger) -> str:
    return forger.unsigned() + "." + encode_base64url(forger.unsigned().encode()[:64])


ATTACKS = (
    Attack("no-signature", "RFC 7515 section 5.2", lambda forger: forger.unsigned() + "."),
    Attack("signature-left-off", "RFC 7515 section 3.1", lambda forger: forger.unsigned()),
    _numbers("signature-of-zeros", 0, 0),
    _numbers("signature-of-zero-and-one", 0, 1),
    _numbers("signature-of-one-and-zero", 1, 0),
    _numbers("signature-of-the-order", _ORDER, _ORDER),
    _numbers("signature-beyond-the-order", _ORDER + 1, 1),
    Attack("signature-in-der", "RFC 7518 section 3.4", _der_signature),
    Attack("signature-cut-short", "RFC 7518 section 3.4", lambda f: f.with_signature(f.unsigned(), _signature(f)[:63])),
    Attack(
        "signature-too-long", "RFC 7518 section 3.4", lambda f: f.with_signature(f.unsigned(), _signature(f) + b"\0")
    ),
    Attack("signature-with-a-flipped-bit", "RFC 7515 section 5.2", _flipped_bit),
    Attack("signature-of-another-payload", "RFC 7515 section 5.2", _changed_payload),
    Attack("signature-of-another-key", "RFC 7515 section 5.2", _someone_elses_key),
    Attack("signature-that-is-the-input", "RFC 7515 section 5.2", _hash_of_the_input),
)
