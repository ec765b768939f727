from math import isqrt, prod

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gapura.jose import InvalidKeyError, encode_base64url, generate_signing_key, import_key, import_key_set
from gapura.jose.weak_rsa import weakness


def number(value: int) -> str:
    return encode_base64url(value.to_bytes((value.bit_length() + 7) // 8))


def secret(size: int) -> dict[str, object]:
    return {"kty": "oct", "k": encode_base64url(b"\x5a" * size)}


@pytest.fixture(scope="module")
def ec_jwk():
    return ECKey.generate_key("P-256").as_dict(private=False)


@pytest.fixture(scope="module")
def rsa_jwk():
    return RSAKey.generate_key(2048).as_dict(private=False)


@pytest.mark.parametrize(("curve", "alg"), [("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")])
def test_an_elliptic_curve_key_has_the_algorithm_of_its_curve(curve, alg):
    assert import_key(ECKey.generate_key(curve).as_dict(private=False)).algorithm.name == alg


def test_an_rsa_key_that_does_not_say_is_for_rs256(rsa_jwk):
    assert import_key(rsa_jwk).algorithm.name == "RS256"
    assert import_key({**rsa_jwk, "alg": "PS384"}).algorithm.name == "PS384"


def test_the_one_algorithm_of_an_ed25519_key_has_two_names():
    key = import_key(OKPKey.generate_key("Ed25519").as_dict(private=False))
    assert key.permits("EdDSA")
    assert key.permits("Ed25519")
    assert not key.permits("Ed448")


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "ES384"},
        {"alg": "RS256"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": ["ES256"]},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"kty": "RSA"},
        {"kty": None},
        {"kid": ""},
        {"kid": 7},
        {"kid": "k" * 257},
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"key_ops": []},
        {"key_ops": ["sign"]},
        {"key_ops": ["verify", "encrypt"]},
        {"key_ops": "verify"},
        {"key_ops": 5},
        {"key_ops": ["verify", 5]},
        {"x": "AAAA"},
        {"x": "not base64!"},
        {"x": 12},
        {"y": None},
    ],
)
def test_a_key_whose_members_do_not_agree_is_refused(ec_jwk, changes):
    with pytest.raises(InvalidKeyError):
        import_key({**ec_jwk, **changes})


def test_other_members_of_a_jwk_do_not_matter(ec_jwk):
    assert import_key({**ec_jwk, "x5u": "not an address", "ext": True, "key_ops": ["verify"], "use": "sig"})


def test_a_point_that_is_not_on_the_curve_is_refused(ec_jwk):
    other = ECKey.generate_key("P-256").as_dict(private=False)
    with pytest.raises(InvalidKeyError):
        import_key({**ec_jwk, "x": other["x"]})


def test_a_private_key_is_not_taken_for_a_public_one():
    with pytest.raises(InvalidKeyError, match="no longer private"):
        import_key(generate_signing_key("ES256").private_jwk())


@pytest.mark.parametrize("size", [0, 1, 31])
def test_a_short_secret_is_refused(size):
    with pytest.raises(InvalidKeyError, match="32 bytes"):
        import_key(secret(size))


def test_a_key_file_is_not_a_secret():
    pem = RSAKey.generate_key(2048).as_pem(private=False)
    with pytest.raises(InvalidKeyError, match="key file"):
        import_key({"kty": "oct", "k": encode_base64url(pem)})


def test_a_der_public_key_is_not_a_secret():
    with pytest.raises(InvalidKeyError):
        import_key({"kty": "oct", "k": encode_base64url(RSAKey.generate_key(2048).as_der(private=False))})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"n": number((1 << 1023) + 1)}, "fewer"),
        ({"n": number((1 << 9000) + 1)}, "more"),
        ({"e": number(3)}, "exponent"),
        ({"e": number(1)}, "exponent"),
        ({"e": number(65538)}, "exponent"),
        ({"e": number(2**33 + 1)}, "exponent"),
        ({"n": number((1 << 2047) + 2)}, "small factor"),
        ({"n": number(3 * ((1 << 2047) + 1))}, "small factor"),
        ({"n": None}, "not a valid key"),
    ],
)
def test_a_weak_rsa_key_is_refused_and_the_reason_given(rsa_jwk, changes, reason):
    with pytest.raises(InvalidKeyError, match=reason):
        import_key({**rsa_jwk, **changes})


def test_a_roca_modulus_is_recognised():
    primes = [p for p in range(2, 702) if all(p % d for d in range(2, isqrt(p) + 1))]
    primorial = prod(primes)
    modulus = (pow(65537, 12345, primorial) + primorial * (1 << 1100 | 1)) | 0
    assert modulus.bit_length() >= 2048
    assert "ROCA" in (weakness(modulus, 65537) or "")


def test_primes_that_are_too_close_are_recognised():
    first = (1 << 1040) + 1183  # a product of neighbours is found by Fermat's method, prime or not
    while any(first % small == 0 or (first + 2) % small == 0 for small in range(3, 760, 2)):
        first += 2
    assert "too close" in (weakness(first * (first + 2), 65537) or "")


def test_a_set_passes_over_keys_for_other_purposes(ec_jwk, rsa_jwk):
    strangers = [
        {**rsa_jwk, "use": "enc"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"},
        {**ec_jwk, "crv": "secp256k1"},
        {**rsa_jwk, "alg": "RSA-OAEP"},
        "not a key",
    ]
    assert len(import_key_set({"keys": [{**ec_jwk, "kid": "a"}, *strangers]})) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([], "no key"),
        (None, "list"),
        ({"a": {}}, "list"),
        ([{}] * 101, "100"),
        ([{"kid": "a"}, {"kid": "a"}], "same kid"),
        ([{}, {}], "same kid"),
        ([{}, secret(32)], "symmetric"),
        ([{"d": "AAAA"}], "private"),
    ],
)
def test_a_set_that_cannot_be_right_is_refused_as_a_whole(ec_jwk, changes, reason):
    keys = [c if "kty" in c else ec_jwk | c for c in changes] if isinstance(changes, list) else changes
    with pytest.raises(InvalidKeyError, match=reason):
        import_key_set({"keys": keys})


def test_keys_are_equal_when_they_verify_the_same(ec_jwk):
    assert import_key({**ec_jwk, "kid": "a"}) == import_key({**ec_jwk, "kid": "a", "use": "sig"})
    assert import_key({**ec_jwk, "kid": "a"}) != import_key({**ec_jwk, "kid": "b"})


def test_a_thumbprint_is_that_of_rfc_7638():
    # The key and the thumbprint of RFC 7638 section 3.1.
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )
    key = import_key({"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
