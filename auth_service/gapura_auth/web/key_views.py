"""The public keys that every guard verifies tokens with."""

from dataclasses import dataclass
from typing import Protocol

from flask import Response, request

from gapura_auth.keys.key_ring import PublishedKeys
from gapura_auth.web.models import JwkSet
from gapura_chassis.api import get

#: Guards ask again sooner when they meet an unknown key; this is for caches in between.
CACHE_CONTROL = "public, max-age=60"


class KeyPublisher(Protocol):
    """What publishes keys: the key ring, or nothing in the shared-secret mode."""

    def published(self) -> PublishedKeys:
        """Return the JWK Set to publish."""


@dataclass(frozen=True, slots=True)
class KeyViews:
    """Views for guards."""

    keys: KeyPublisher

    @get("/.well-known/jwks.json", "Public signing keys", {200: JwkSet, 304: None}, public=True)
    def jwks(self) -> Response:
        """Return the JWK Set (RFC 7517); with `If-None-Match` only when it has changed."""
        published = self.keys.published()
        response = Response(published.content, content_type="application/jwk-set+json")
        response.headers["ETag"] = published.entity_tag
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.make_conditional(request)
        return response
