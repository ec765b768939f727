"""Whom a client believes to be signed in: the `id_token_hint` (OpenID Connect Core, section 3.1.2.1)."""

from dataclasses import dataclass
from typing import Protocol

from gapura.jose import InvalidJwsError, VerificationKey, parse_compact, verify_signature
from gapura_auth.oauth.clients import Client

_TYPES = frozenset({None, "jwt"})


class PublishedVerificationKeys(Protocol):
    """Our own published keys."""

    def find(self, kid: str | None) -> VerificationKey | None:
        """Return the key with this name."""


@dataclass(frozen=True, slots=True)
class IdTokenHints:
    """Reads ID tokens that we have issued."""

    issuer: str
    keys: PublishedVerificationKeys

    def subject_of(self, hint: str, client: Client) -> str | None:
        """Return whom the token is about; None where it is not ours, not this client's, or its key is gone.

        It may have expired: it is no credential here, and a client keeps it for exactly this use.
        """
        try:
            jws = parse_compact(hint)
            key = self.keys.find(jws.header.kid)
            if key is None or jws.header.typ not in _TYPES:
                return None
            verify_signature(jws, key)
            claims = jws.claims()
        except InvalidJwsError:
            return None
        audience = claims.get("aud")
        is_ours = claims.get("iss") == self.issuer
        is_for_client = client.id in (audience if isinstance(audience, list) else [audience])
        subject = claims.get("sub")
        return subject if is_ours and is_for_client and isinstance(subject, str) else None
