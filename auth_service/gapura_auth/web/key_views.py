"""What guards fetch: public keys to verify tokens with, and lists of sessions that have ended."""

from dataclasses import dataclass
from typing import Protocol

from flask import Response, request

from gapura.revocation import STATUS_LIST_MEDIA_TYPE
from gapura_auth.keys.key_ring import PublishedKeys
from gapura_auth.revocation.status_lists import StatusLists
from gapura_auth.web.models import JwkSet
from gapura_chassis.api import get
from gapura_chassis.errors import NotFound


class NoSuchList(NotFound):
    """There is no list of this number."""

    def __init__(self) -> None:
        super().__init__("There is no status list of this number.")


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
    status_lists: StatusLists | None

    @get("/.well-known/jwks.json", "Public signing keys", {200: JwkSet, 304: None}, public=True)
    def jwks(self) -> Response:
        """Return the JWK Set (RFC 7517); with `If-None-Match` only when it has changed."""
        published = self.keys.published()
        response = Response(published.content, content_type="application/jwk-set+json")
        response.headers["ETag"] = published.entity_tag
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.make_conditional(request)
        return response

    @get("/status-lists/<int:number>", "Ended sessions", {200: None, 304: None}, public=True)
    def status_list(self, number: int) -> Response:
        """Return a Token Status List (draft-ietf-oauth-status-list); guards ask about once a second."""
        published = self.status_lists.published(number) if self.status_lists else None
        if published is None:
            raise NoSuchList
        response = Response(published.token, content_type=STATUS_LIST_MEDIA_TYPE)
        response.headers["ETag"] = published.entity_tag
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
        return response
