"""The documentation page at `/docs`: read the interface, log in, try every call. Nothing comes from the internet."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, redirect, send_from_directory
from markupsafe import Markup

from gapura import Guard

# one installed package carries Swagger UI; the page, its script and its stylesheet are ours
SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
PAGES = Path(__file__).parent.parent / "pages"

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

    def show_document() -> Response:
        return Response(content, content_type="application/json")

    def show_page() -> Response:
        response = Response(page, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _content_policy(login_address)
        return response

    def show_asset(name: str) -> Response:
        folder = PAGES if (PAGES / name).is_file() else SWAGGER_UI
        response = send_from_directory(folder, name, max_age=ASSET_SECONDS)
        response.headers["Content-Security-Policy"] = _content_policy(login_address)
        return response

    for rule, view in {"/openapi.json": show_document, "/docs": show_page, "/docs/assets/<name>": show_asset}.items():
        app.add_url_rule(rule, f"docs.{view.__name__}", guard.public(view))
    app.add_url_rule("/", "docs.front", guard.public(lambda: redirect("/docs")))


def _content_policy(login_address: str) -> str:
    origin = login_address.rsplit("/", 1)[0]
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self' {origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _page(title: str, login_address: str) -> str:
    template = (PAGES / "docs.html").read_text(encoding="utf-8")
    return template.replace("{{title}}", Markup.escape(title)).replace("{{login}}", Markup.escape(login_address))
