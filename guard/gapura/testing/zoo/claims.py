"""The signature is good, and the token is still not for this service, or not for now."""

import time

from gapura.testing.zoo.attack import Attack

_RFC_9068 = "RFC 9068 section 4"
_RFC_7519 = "RFC 7519 section 4.1"
_PARTIAL = "CVE-2024-53861: partial comparison"
_DAY = 86400


def _claims(name: str, reference: str, **changes: object) -> Attack:
    return Attack(name, reference, lambda forger: forger.with_claims(**changes))


def _moved(name: str, claim: str, seconds: int) -> Attack:
    return Attack(name, _RFC_7519, lambda forger: forger.with_claims(**{claim: int(time.time()) + seconds}))


ATTACKS = (
    *(_claims(f"{claim}-is-missing", _RFC_9068, **{claim: ...}) for claim in ("exp", "iat", "iss", "aud", "sub")),
    *(_claims(f"{claim}-is-null", _RFC_9068, **{claim: None}) for claim in ("exp", "iat", "iss", "aud", "sub")),
    _moved("expired-yesterday", "exp", -_DAY),
    _moved("expired-a-second-ago", "exp", -1),
    _moved("not-valid-before-tomorrow", "nbf", _DAY),
    _moved("issued-tomorrow", "iat", _DAY),
    _claims("exp-that-is-text", _RFC_7519, exp="9999999999"),
    _claims("exp-that-is-true", _RFC_7519, exp=True),
    _claims("exp-beyond-all-time", "RFC 7519 section 2: overflow of dates", exp=10**30),
    _claims("exp-that-is-negative", _RFC_7519, exp=-1),
    _claims("exp-that-is-a-list", _RFC_7519, exp=[9999999999]),
    _claims("nbf-that-is-text", _RFC_7519, nbf="0"),
    _claims("issuer-of-someone-else", "RFC 8725 section 3.8", iss="https://evil.example"),
    Attack("issuer-that-is-a-list", _RFC_7519, lambda f: f.with_claims(iss=[f.issuer.issuer])),
    Attack("issuer-that-only-begins-alike", _PARTIAL, lambda f: f.with_claims(iss=f.issuer.issuer[:-1])),
    Attack("issuer-with-a-slash-too-many", _RFC_9068, lambda f: f.with_claims(iss=f.issuer.issuer + "/")),
    _claims("audience-of-someone-else", "RFC 8725 section 3.9", aud="another-service"),
    _claims("audience-that-is-empty", "RFC 8725 section 3.9", aud=[]),
    Attack(
        "audience-that-only-begins-alike", "RFC 8725 section 3.9", lambda f: f.with_claims(aud=f.issuer.audience[:-1])
    ),
    _claims("audience-that-is-an-object", _RFC_7519, aud={"gapura": True}),
    _claims("subject-that-is-a-number", _RFC_7519, sub=1),
    _claims("subject-that-is-empty", _RFC_9068, sub=""),
    _claims("scope-that-is-a-list", "RFC 8693 section 4.2", scope=["admin"]),
    _claims("bound-to-a-key", "RFC 9449 section 7.2: downgrade to Bearer", cnf={"jkt": "A" * 43}),
    _claims("bound-to-a-certificate", "RFC 8705 section 3", cnf={"x5t#S256": "A" * 43}),
)
