"""The documents that clients configure themselves with."""

from dataclasses import dataclass

import orjson
from flask import Response, request

from gapura_auth.oauth.discovery import AUTHORIZATION_SERVER, OPENID_CONFIGURATION, Document
from gapura_auth.web.models import ProviderMetadata
from gapura_chassis.api import get

CACHE_CONTROL = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class DiscoveryViews:
    """One document at two addresses."""

    document: Document

    @get(OPENID_CONFIGURATION, "OpenID provider metadata", {200: ProviderMetadata, 304: None}, public=True)
    def openid_configuration(self) -> Response:
        """Return the provider's metadata (OpenID Connect Discovery, section 4)."""
        return self._answer()

    @get(AUTHORIZATION_SERVER, "Authorization server metadata", {200: ProviderMetadata, 304: None}, public=True)
    def authorization_server(self) -> Response:
        """Return the same metadata where OAuth looks for it (RFC 8414, section 3)."""
        return self._answer()

    def _answer(self) -> Response:
        response = Response(orjson.dumps(self.document), content_type="application/json")
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.add_etag()
        response.make_conditional(request)
        return response
