"""Whom a client believes to be signed in: the `id_token_hint` (OpenID Connect Core, section 3.1.2.1)."""

from collections.abc import Mapping
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
class IdTokenHint:
    """What an ID token of ours says about whom it was issued for."""

    subject: str
    audience: tuple[str, ...]
    session_id: str | None


@dataclass(frozen=True, slots=True)
class IdTokenHints:
    """Reads ID tokens that we have issued.

    They may have expired: they are no credentials here, and a client keeps them for exactly this use.
    """

    issuer: str
    keys: PublishedVerificationKeys

    def subject_of(self, hint: str, client: Client) -> str | None:
        """Return whom the token is about; None where it is not ours, not this client's, or its key is gone."""
        known = self.read(hint)
        return known.subject if known is not None and client.id in known.audience else None

    def read(self, hint: str) -> IdTokenHint | None:
        """Return what the token says; None where it is not ours, or its key is gone."""
        try:
            jws = parse_compact(hint)
            key = self.keys.find(jws.header.kid)
            if key is None or jws.header.typ not in _TYPES:
                return None
            verify_signature(jws, key)
            claims = jws.claims()
        except InvalidJwsError:
            return None
        return _hint(claims) if claims.get("iss") == self.issuer else None


def _hint(claims: Mapping[str, object]) -> IdTokenHint | None:
    subject, audience, session_id = claims.get("sub"), claims.get("aud"), claims.get("sid")
    if not isinstance(subject, str):
        return None
    listed = audience if isinstance(audience, list) else [audience]
    clients = tuple(one for one in listed if isinstance(one, str))
    return IdTokenHint(subject, clients, session_id if isinstance(session_id, str) else None)
