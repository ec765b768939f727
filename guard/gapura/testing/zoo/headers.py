"""The header says which key to trust, or changes the rules."""

from gapura.jose import SigningKey, generate_signing_key
from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_OWN_KEY = "CVE-2018-0114, RFC 8725 section 3.10"
_EVIL = "https://evil.example/jwks.json"


def _own_key() -> SigningKey:
    return generate_signing_key("ES256", kid="own")


def _embedded_key(forger: Forger) -> str:
    key = _own_key()
    return forger.signed(forger.header(jwk=key.public_jwk()), key=key)


def _embedded_key_under_own_name(forger: Forger) -> str:
    key = _own_key()
    return forger.signed(forger.header(jwk=key.public_jwk(), kid="own"), key=key)


def _pointing(member: str) -> Attack:
    return Attack(
        f"{member}-pointing-elsewhere",
        "RFC 8725 section 3.10: server-side request forgery",
        lambda forger: forger.signed(forger.header(**{member: _EVIL}), key=_own_key()),
    )


def _changed(name: str, reference: str, **changes: object) -> Attack:
    return Attack(name, reference, lambda forger: forger.with_header(**changes))


def _unencoded_payload(forger: Forger) -> str:
    return forger.with_header(b64=False, crit=["b64"])


def _own_key_named(name: str, kid: object, reference: str = "RFC 8725 section 3.10: injection by kid") -> Attack:
    return Attack(name, reference, lambda forger: forger.signed(forger.header(kid=kid), key=_own_key()))


def _hmac_under_a_file(forger: Forger) -> str:
    return forger.authenticated(b"", forger.header(alg="HS256", kid="../../../../dev/null"))


ATTACKS = (
    Attack("embedded-jwk", _OWN_KEY, _embedded_key),
    Attack("embedded-jwk-under-its-own-kid", _OWN_KEY, _embedded_key_under_own_name),
    _pointing("jku"),
    _pointing("x5u"),
    _changed("certificate-chain-of-ones-own", "RFC 7515 section 4.1.6", x5c=["MIIB"]),
    _changed("critical-extension-that-is-unknown", "CVE-2025-59420, RFC 7515 section 4.1.11", crit=["exp2"], exp2=1),
    _changed("critical-list-that-is-empty", "RFC 7515 section 4.1.11", crit=[]),
    _changed("critical-list-of-a-registered-name", "RFC 7515 section 4.1.11", crit=["alg"]),
    Attack("payload-that-is-not-encoded", "RFC 7797 section 6", _unencoded_payload),
    _changed("b64-without-crit", "RFC 7797 section 6", b64=False),
    _own_key_named("kid-that-nobody-publishes", "nobody"),
    _own_key_named("kid-that-is-a-path", "../../../../dev/null"),
    _own_key_named("kid-that-is-sql", "x' UNION SELECT 'secret' --"),
    _own_key_named("kid-that-is-a-command", "key; sleep 10 |"),
    _own_key_named("kid-that-is-an-address", _EVIL),
    _own_key_named("kid-of-3000-characters", "k" * 3000, "RFC 8725 section 3.10"),
    _changed("kid-that-is-a-number", "RFC 7515 section 4.1.4", kid=1),
    _changed("kid-that-is-an-object", "RFC 7515 section 4.1.4", kid={"$ne": None}),
    Attack("hmac-under-an-empty-file", "RFC 8725 section 3.10", _hmac_under_a_file),
)
