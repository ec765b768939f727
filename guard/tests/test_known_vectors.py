"""The examples of the RFCs through our own checks: what they sign verifies, and not one byte more."""

import pytest

from gapura import InvalidTokenError, SharedSecret, SharedSecretIssuer, StaticKeySet, TrustedIssuer, Verifier
from gapura.jose import (
    InvalidJwsError,
    InvalidKeyError,
    decode_base64url,
    import_key,
    parse_compact,
    shared_secret_key,
    verify,
    verify_signature,
)

# RFC 7515 appendix A.1: HS256 with the key of the same section.
A1_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
A1_HEADER = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
A1_SIGNATURE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

# RFC 7515 appendix A.3: ES256.
A3_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
A3_HEADER = "eyJhbGciOiJFUzI1NiJ9"
A3_SIGNATURE = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

# RFC 8037 appendix A.4: Ed25519.
ED_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
ED_TOKEN = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)

# RFC 7515 appendix A.5, which is RFC 7519 section 6.1: "alg" is "none", and there is no signature.
UNSECURED = f"eyJhbGciOiJub25lIn0.{PAYLOAD}."

VECTORS = {
    "RFC 7515 A.1": (
        shared_secret_key(decode_base64url(A1_KEY.encode())).verification_key,
        f"{A1_HEADER}.{PAYLOAD}.{A1_SIGNATURE}",
    ),
    "RFC 7515 A.3": (import_key(A3_KEY), f"{A3_HEADER}.{PAYLOAD}.{A3_SIGNATURE}"),
    "RFC 8037 A.4": (import_key(ED_KEY), ED_TOKEN),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_examples_verify(name):
    key, token = VECTORS[name]
    verify_signature(parse_compact(token), key)


@pytest.mark.parametrize("name", VECTORS)
def test_the_examples_with_any_character_changed_do_not(name):
    key, token = VECTORS[name]
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(InvalidJwsError):
            verify_signature(parse_compact(changed), key)


def test_the_unsecured_example_is_refused():  # RFC 7515 appendix A.5 and RFC 7519 section 6.1 are the same token
    jws = parse_compact(UNSECURED)
    for key, _ in VECTORS.values():
        with pytest.raises(InvalidJwsError, match="algorithm"):
            verify_signature(jws, key)


def test_a_verifier_refuses_the_unsecured_example_whomever_it_trusts():
    secret = decode_base64url(A1_KEY.encode())
    trusted = TrustedIssuer("https://joe.example", "shop", StaticKeySet.of(A3_KEY))
    for issuers in (
        [trusted],
        [SharedSecretIssuer(SharedSecret(secret), "joe")],
        [trusted, SharedSecretIssuer(SharedSecret(secret), "joe")],
    ):
        with pytest.raises(InvalidTokenError, match=r"not trusted|not an access token"):
            Verifier(issuers, clock=lambda: 1300819379.0).verify(UNSECURED)


def test_the_example_of_a_jwt_is_authentic_and_no_access_token():  # RFC 7519 section 3.1 is the token of RFC 7515 A.1
    key, token = VECTORS["RFC 7515 A.1"]
    claims = {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert verify(token, key, typ={"jwt"}) == claims
    shared = SharedSecretIssuer(SharedSecret(decode_base64url(A1_KEY.encode())), "joe")
    with pytest.raises(InvalidTokenError, match="sub"):
        Verifier([shared], clock=lambda: 1300819379.0).verify(token)


def test_the_example_with_an_unknown_critical_header_is_refused():  # RFC 7515 appendix E
    token = (
        "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9V"
        "TkRFRklORUQiOnRydWUNCn0.RkFJTA."
    )
    with pytest.raises(InvalidJwsError, match="rules"):
        parse_compact(token)


def test_the_512_bit_curve_of_rfc_7520_imports_and_a_wrong_curve_does_not():  # RFC 7520 section 3.1
    key = {
        "kty": "EC",
        "kid": "bilbo.baggins@hobbiton.example",
        "use": "sig",
        "crv": "P-521",
        "x": "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "y": "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1",
    }
    assert import_key(key).algorithm.name == "ES512"
    with pytest.raises(InvalidKeyError):
        import_key({**key, "crv": "P-384"})
