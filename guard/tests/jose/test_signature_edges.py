"""Signatures that are almost right: each has been accepted by some library (Project Wycheproof collects such cases)."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gapura.jose import InvalidJwsError, decode_base64url, encode_base64url, generate_signing_key, sign, verify

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module", params=["ES256", "RS256", "PS256", "EdDSA"])
def key(request):
    return generate_signing_key(request.param)


@pytest.fixture(scope="module")
def ec_key():
    return generate_signing_key("ES256")


@pytest.fixture(scope="module")
def rsa_key():
    return generate_signing_key("RS256")


@pytest.fixture(scope="module")
def pss_key():
    return generate_signing_key("PS256")


@pytest.fixture(scope="module")
def ed_key():
    return generate_signing_key("EdDSA")


def good_parts(key):
    signing_input, _, signature = sign({"sub": "ani"}, key, typ="at+jwt").rpartition(".")
    return signing_input, decode_base64url(signature.encode())


def must_refuse(key, signing_input, signature):
    with pytest.raises(InvalidJwsError, match="signature"):
        verify(f"{signing_input}.{encode_base64url(signature)}", key.verification_key, typ={"at+jwt"})


def test_bytes_before_after_or_missing_make_it_wrong(key):
    signing_input, signature = good_parts(key)
    for wrong in (b"\0" + signature, signature + b"\0", signature[1:], signature[:-1], signature * 2, signature[::-1]):
        must_refuse(key, signing_input, wrong)


@pytest.mark.parametrize("position", [0, 1, 31, 32, 63])
@pytest.mark.parametrize("bit", [1, 0x80])
def test_any_flipped_bit_makes_it_wrong(key, position, bit):
    signing_input, signature = good_parts(key)
    wrong = bytearray(signature)
    wrong[position] ^= bit
    must_refuse(key, signing_input, bytes(wrong))


def test_an_ecdsa_number_that_wraps_around_the_order_is_wrong(ec_key):
    signing_input, signature = good_parts(ec_key)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    for wrong_r, wrong_s in ((r + P256_ORDER, s), (r, s + P256_ORDER), (P256_ORDER - r, s), (s, r), (0, s), (r, 0)):
        size = 32 if max(wrong_r, wrong_s) < 2**256 else 33
        must_refuse(ec_key, signing_input, wrong_r.to_bytes(size) + wrong_s.to_bytes(size))


@pytest.mark.parametrize("algorithm", [hashes.SHA384(), hashes.SHA512(), hashes.SHA224()])
def test_another_hash_than_the_algorithms_is_wrong(ec_key, rsa_key, algorithm):
    signing_input, _ = good_parts(ec_key)
    der = ec_key.material.private_key.sign(signing_input.encode(), ec.ECDSA(algorithm))
    must_refuse(ec_key, signing_input, b"".join(number.to_bytes(32) for number in decode_dss_signature(der)))
    signing_input, _ = good_parts(rsa_key)
    must_refuse(
        rsa_key, signing_input, rsa_key.material.private_key.sign(signing_input.encode(), padding.PKCS1v15(), algorithm)
    )


@pytest.mark.parametrize("salt", [0, 20, 64])
def test_a_pss_salt_of_another_length_is_wrong(pss_key, salt):
    signing_input, _ = good_parts(pss_key)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
    signature = pss_key.material.private_key.sign(signing_input.encode(), scheme, hashes.SHA256())
    must_refuse(pss_key, signing_input, signature)


def test_an_rsa_signature_without_its_leading_zero_is_wrong(pss_key):
    # One signature in 256 begins with a zero; OpenSSL accepts it without.
    for number in range(10_000):
        signing_input, _, encoded = sign({"n": number}, pss_key, typ="at+jwt").rpartition(".")
        signature = decode_base64url(encoded.encode())
        if signature[0] == 0:
            break
    must_refuse(pss_key, signing_input, signature[1:])


def test_pss_and_pkcs1_do_not_stand_for_each_other(rsa_key, pss_key):
    for key, scheme in (
        (rsa_key, padding.PSS(padding.MGF1(hashes.SHA256()), 32)),
        (pss_key, padding.PKCS1v15()),
    ):
        signing_input, _ = good_parts(key)
        must_refuse(key, signing_input, key.material.private_key.sign(signing_input.encode(), scheme, hashes.SHA256()))


def test_an_rsa_number_beyond_the_modulus_is_wrong(rsa_key):
    signing_input, signature = good_parts(rsa_key)
    modulus = rsa_key.material.public_key.public_numbers().n
    beyond = int.from_bytes(signature) + modulus
    must_refuse(rsa_key, signing_input, beyond.to_bytes((beyond.bit_length() + 7) // 8))
    for number in (0, 1, modulus - 1, modulus):
        must_refuse(rsa_key, signing_input, number.to_bytes(256))


def test_an_ed25519_number_that_wraps_around_the_order_is_wrong(ed_key):
    signing_input, signature = good_parts(ed_key)
    s = int.from_bytes(signature[32:], "little") + ED25519_ORDER
    must_refuse(ed_key, signing_input, signature[:32] + s.to_bytes(32, "little"))


def test_an_ed25519_signature_of_the_neutral_point_is_wrong(ed_key):
    signing_input, _ = good_parts(ed_key)
    must_refuse(ed_key, signing_input, b"\1" + bytes(63))
