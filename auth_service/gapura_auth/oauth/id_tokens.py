"""ID tokens: who logged in, when and how, for the client that asked (OpenID Connect Core, section 2)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from gapura.jose import encode_base64url
from gapura_auth.oauth.grants import LoginEvent
from gapura_chassis.clock import Clock

ID_TOKEN_TYPE = "JWT"  # noqa: S105 -- a media type
LIFETIME = 3600

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class AlgorithmSigner(Protocol):
    """Signs with the key whose turn it is, by algorithm: clients choose the algorithm of their ID tokens."""

    def sign_with(self, algorithm: str, claims: Mapping[str, object], *, typ: str) -> str:
        """Return a compact JWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """What an ID token says."""

    subject: str
    client_id: str
    session_id: str
    login: LoginEvent
    nonce: str | None = None
    #: claims beyond the standard ones, by scope or by request
    claims: Mapping[str, object] = field(default_factory=dict)
    #: tokens that are issued beside it, which it vouches for by their hashes
    access_token: str | None = None
    code: str | None = None

    def beside(self, access_token: str) -> "Identification":
        """Return the same, vouching for an access token as well."""
        return replace(self, access_token=access_token)


@dataclass(frozen=True, slots=True)
class IdTokenIssuer:
    """Issues ID tokens."""

    issuer: str
    signer: AlgorithmSigner
    clock: Clock

    def issue(self, identification: Identification, algorithm: str) -> str:
        """Return a signed ID token."""
        now = int(self.clock())
        standard: dict[str, object | None] = {
            "iss": self.issuer,
            "sub": identification.subject,
            "aud": identification.client_id,
            "exp": now + LIFETIME,
            "iat": now,
            "auth_time": int(identification.login.at),
            "nonce": identification.nonce,
            "acr": identification.login.acr,
            "amr": list(identification.login.amr) or None,
            "azp": identification.client_id,
            "sid": identification.session_id,
            "at_hash": half_hash(identification.access_token, algorithm),
            "c_hash": half_hash(identification.code, algorithm),
        }
        claims = dict(identification.claims) | {name: value for name, value in standard.items() if value is not None}
        return self.signer.sign_with(algorithm, claims, typ=ID_TOKEN_TYPE)


def half_hash(token: str | None, algorithm: str) -> str | None:
    """Return the left half of a token's hash, as `at_hash` and `c_hash` carry it (section 3.1.3.6)."""
    if token is None:
        return None
    hash_function = _HASHES.get(algorithm[-3:], hashlib.sha512)  # EdDSA hashes with SHA-512
    digest = hash_function(token.encode("ascii")).digest()
    return encode_base64url(digest[: len(digest) // 2])
