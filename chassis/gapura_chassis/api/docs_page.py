"""The documentation page at `/docs`: read the interface, log in, try every call. Nothing comes from the internet."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, send_from_directory
from markupsafe import escape

from gapura import Guard
from gapura_chassis.errors import SENTENCES, NotFound

# one installed package carries Swagger UI; the page, its script and its stylesheet are ours
SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
PAGES = Path(__file__).parent.parent / "pages"

#: Everything that `/docs/assets/` has, and nothing else of these folders.
ASSETS: Mapping[str, Path] = {
    "docs.css": PAGES,
    "docs.js": PAGES,
    "favicon-32x32.png": SWAGGER_UI,
    "swagger-ui.css": SWAGGER_UI,
    "swagger-ui-bundle.js": SWAGGER_UI,
}
ASSET_SECONDS = 3600


def serve_docs(app: Flask, guard: Guard, document: Mapping[str, Any], login_address: str) -> None:
    """Add `/openapi.json`, `/docs` with its assets, and a way from `/` to it.

    Args:
        app: the application.
        guard: its guard; these addresses are public.
        document: the OpenAPI document.
        login_address: where the page's login form sends name and password.

    """
    content = orjson.dumps(document)
    page = _page(str(document["info"]["title"]), login_address)
    policy = _content_policy(login_address)

    def show_document() -> Response:
        return Response(content, content_type="application/json")

    def show_page() -> Response:
        return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})

    def show_front() -> Response:
        return Response(status=302, headers={"Location": "/docs"})

    _publish(app, guard, {"/": show_front, "/docs": show_page, "/openapi.json": show_document})
    app.add_url_rule("/docs/assets/<name>", "docs.asset", guard.public(partial(_show_asset)))


def _publish(app: Flask, guard: Guard, views: Mapping[str, Callable[[], Response]]) -> None:
    for rule, view in views.items():
        app.add_url_rule(rule, f"docs.{view.__name__}", guard.public(view))


def _show_asset(name: str) -> Response:
    if name not in ASSETS:
        raise NotFound(SENTENCES[404])
    return send_from_directory(ASSETS[name], name, max_age=ASSET_SECONDS)


def _content_policy(login_address: str) -> str:
    address = urlsplit(login_address)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self' {address.scheme}://{address.netloc}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _page(title: str, login_address: str) -> str:
    template = (PAGES / "docs.html").read_text(encoding="utf-8")
    return template.replace("{{title}}", str(escape(title))).replace("{{login}}", str(escape(login_address)))
