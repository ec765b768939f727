"""What pages load: one stylesheet and one icon, under addresses that change with their content."""

from dataclasses import dataclass

from flask import Response

from gapura_auth.web.pages.rendering import ICON, STYLESHEET
from gapura_chassis.api import get

FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class AssetViews:
    """Views for browsers."""

    @get("/assets/gapura.css", "The stylesheet of the pages", {200: None}, public=True)
    def stylesheet(self) -> Response:
        """Return the stylesheet."""
        return _asset(STYLESHEET, "text/css; charset=utf-8")

    @get("/assets/icon.svg", "The icon of the pages", {200: None}, public=True)
    def icon(self) -> Response:
        """Return the icon."""
        return _asset(ICON, "image/svg+xml")


def _asset(content: bytes, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = FOR_A_YEAR
    return response
