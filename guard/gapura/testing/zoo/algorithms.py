"""The algorithm is chosen by the token instead of by the key."""

import json

from gapura.jose import encode_base64url, generate_signing_key
from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_CONFUSION = "CVE-2016-10555: public key as HMAC secret"


def _none(alg: str) -> Attack:
    return Attack(
        f"alg-{alg}-without-signature",
        "CVE-2015-9235, RFC 8725 section 2.1",
        lambda forger: forger.unsigned(forger.header(alg=alg)) + ".",
    )


def _none_but_signed(forger: Forger) -> str:
    return forger.with_header(alg="none")


def _pem_as_secret(forger: Forger) -> str:
    return forger.authenticated(forger.issuer.key.material.as_pem(private=False))  # type: ignore[union-attr]


def _stripped_pem_as_secret(forger: Forger) -> str:
    return forger.authenticated(forger.issuer.key.material.as_pem(private=False).strip())  # type: ignore[union-attr]


def _der_as_secret(forger: Forger) -> str:
    return forger.authenticated(forger.issuer.key.material.as_der(private=False))  # type: ignore[union-attr]


def _jwk_as_secret(forger: Forger) -> str:
    return forger.authenticated(json.dumps(forger.issuer.key.public_jwk()).encode())


def _coordinate_as_secret(forger: Forger) -> str:
    return forger.authenticated(str(forger.issuer.key.public_jwk()["x"]).encode())


def _other_family(alg: str) -> Attack:
    def make(forger: Forger) -> str:
        key = generate_signing_key(alg, kid=forger.issuer.key.kid)
        return forger.signed(forger.header(alg=alg), key=key)

    return Attack(f"alg-{alg}-under-the-issuers-kid", "RFC 8725 section 3.1", make)


def _renamed(name: str, alg: object) -> Attack:
    return Attack(name, "RFC 7515 section 4.1.1", lambda forger: forger.with_header(alg=alg))


def _encrypted(_: Forger) -> str:
    header = encode_base64url(json.dumps({"alg": "dir", "enc": "A256GCM", "typ": "at+jwt"}).encode())
    return f"{header}..{'A' * 16}.{'A' * 64}.{'A' * 22}"


ATTACKS = (
    *(_none(alg) for alg in ("none", "None", "NONE", "nOnE")),
    Attack("alg-none-with-signature", "CVE-2015-9235", _none_but_signed),
    Attack("hmac-with-public-pem", _CONFUSION, _pem_as_secret),
    Attack("hmac-with-stripped-public-pem", _CONFUSION, _stripped_pem_as_secret),
    Attack("hmac-with-public-der", _CONFUSION, _der_as_secret),
    Attack("hmac-with-public-jwk", _CONFUSION, _jwk_as_secret),
    Attack("hmac-with-public-coordinate", _CONFUSION, _coordinate_as_secret),
    Attack("hmac-with-empty-secret", "CVE-2019-20933, RFC 8725 section 3.5", lambda forger: forger.authenticated(b"")),
    Attack("hmac-with-guessable-secret", "RFC 8725 section 2.2", lambda forger: forger.authenticated(b"secret")),
    *(_other_family(alg) for alg in ("RS256", "PS256", "EdDSA", "ES384")),
    _renamed("alg-of-another-curve", "ES384"),
    _renamed("alg-in-lower-case", "es256"),
    _renamed("alg-that-is-unknown", "XS256"),
    _renamed("alg-that-is-a-list", ["ES256"]),
    _renamed("alg-that-is-null", None),
    _renamed("alg-that-is-missing", ...),
    _renamed("alg-that-is-empty", ""),
    Attack("encrypted-to-nobody", "CVE-2023-51774, RFC 7516", _encrypted),
)
