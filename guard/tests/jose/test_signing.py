import pytest

from gapura.jose import (
    ALGORITHMS,
    InvalidKeyError,
    SigningKey,
    generate_signing_key,
    import_key,
    parse_compact,
    shared_secret_key,
    sign,
    verify,
)

ASYMMETRIC = sorted(name for name, algorithm in ALGORITHMS.items() if algorithm.kty != "oct")


@pytest.mark.parametrize("alg", ASYMMETRIC)
def test_what_is_signed_verifies_under_the_published_key(alg):
    key = generate_signing_key(alg)
    token = sign({"sub": "ani"}, key, typ="at+jwt")
    assert verify(token, import_key(key.public_jwk()), typ={"at+jwt"}) == {"sub": "ani"}
    assert verify(token, key.verification_key, typ={"at+jwt"}) == {"sub": "ani"}


def test_the_header_names_algorithm_key_and_type():
    key = generate_signing_key("ES256", kid="k1")
    header = parse_compact(sign({}, key, typ="logout+jwt")).header
    assert header.parameters == {"alg": "ES256", "kid": "k1", "typ": "logout+jwt"}


def test_a_key_is_named_by_its_thumbprint_unless_it_is_given_a_name():
    key = generate_signing_key("EdDSA")
    assert key.kid == key.verification_key.thumbprint
    assert SigningKey.from_jwk({name: v for name, v in key.private_jwk().items() if name != "kid"}).kid == key.kid


def test_a_stored_key_comes_back_as_it_was():
    key = generate_signing_key("RS256", kid="k1")
    restored = SigningKey.from_jwk(key.private_jwk())
    assert (restored, restored.alg) == (key, "RS256")
    assert verify(sign({"a": 1}, restored, typ="jwt"), key.verification_key, typ={"jwt"}) == {"a": 1}


@pytest.mark.parametrize("alg", ASYMMETRIC)
def test_nothing_private_is_published_or_shown(alg):
    key = generate_signing_key(alg)
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key.public_jwk())
    assert str(key.private_jwk()["d"]) not in repr(key)
    assert key.public_jwk()["use"] == "sig"


def test_a_key_that_is_only_for_signing_signs_and_is_verified():
    key = SigningKey.from_jwk({**generate_signing_key("ES256").private_jwk(), "key_ops": ["sign"]})
    assert verify(sign({"a": 1}, key, typ="jwt"), key.verification_key, typ={"jwt"}) == {"a": 1}
    with pytest.raises(InvalidKeyError, match="key_ops"):
        SigningKey.from_jwk({**generate_signing_key("ES256").private_jwk(), "key_ops": ["verify"]})


def test_a_public_or_shared_key_does_not_sign():
    with pytest.raises(InvalidKeyError):
        SigningKey.from_jwk(generate_signing_key("ES256").public_jwk())
    with pytest.raises(InvalidKeyError):
        SigningKey.from_jwk({"kty": "oct", "k": "A" * 43})


@pytest.mark.parametrize("alg", ["HS256", "none", "ES256K", "RS1"])
def test_only_supported_asymmetric_algorithms_get_keys(alg):
    with pytest.raises(InvalidKeyError, match="not an asymmetric algorithm"):
        generate_signing_key(alg)


def test_a_shared_secret_signs_and_verifies_without_a_name():
    key = shared_secret_key("correct horse battery staple, twice over")
    token = sign({"sub": "ani"}, key, typ="JWT")
    assert parse_compact(token).header.parameters == {"alg": "HS256", "typ": "JWT"}
    assert verify(token, key.verification_key, typ={"jwt"}) == {"sub": "ani"}
    assert "correct" not in repr(key)


@pytest.mark.parametrize("secret", ["", "short", b"x" * 31, "-----BEGIN PUBLIC KEY-----" * 3, "ssh-rsa AAAA" * 9])
def test_an_unfit_secret_is_refused(secret):
    with pytest.raises(InvalidKeyError):
        shared_secret_key(secret)


def test_numbers_that_are_none_are_not_signed():
    with pytest.raises(ValueError, match="JSON"):
        sign({"a": float("nan")}, generate_signing_key("ES256"), typ="jwt")
