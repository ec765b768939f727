"""From a template and values to an answer, with the headers that keep a page to what it is for."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import urlsplit

from flask import Response, request
from jinja2 import Environment, PackageLoader, StrictUndefined

from gapura_auth.web.pages.texts import SCOPES, TEXTS
from gapura_chassis.language import Language, preferred_language

_STATIC = files("gapura_auth.web.pages") / "static"
STYLESHEET = (_STATIC / "gapura.css").read_bytes()
ICON = (_STATIC / "icon.svg").read_bytes()
SUBMIT_SCRIPT = "document.forms[0].submit()"

_VERSION = hashlib.sha256(STYLESHEET).hexdigest()[:12]
_SUBMIT_HASH = b64encode(hashlib.sha256(SUBMIT_SCRIPT.encode()).digest()).decode()

_TEMPLATES = Environment(
    loader=PackageLoader("gapura_auth.web.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class PagePermissions:
    """What a page may do beyond showing itself."""

    #: where its form leads in the end: browsers hold redirects of a form to the policy, too
    form_target: str | None = None
    submits_itself: bool = False
    #: addresses that it shows in frames
    frames: tuple[str, ...] = ()
    referrer: str = "same-origin"  # with `no-referrer` our own forms would come without an origin


PLAIN = PagePermissions()


@dataclass(frozen=True, slots=True)
class Pages:
    """Writes pages; `base` is the path under which the service is reached, mostly empty."""

    base: str

    def render(
        self,
        template: str,
        language: Language,
        values: Mapping[str, object],
        *,
        status: int = HTTPStatus.OK,
        permissions: PagePermissions = PLAIN,
    ) -> Response:
        """Return a page."""
        html = _TEMPLATES.get_template(template).render(
            say=partial(_say, language),
            scope_text=partial(_scope_text, language),
            language=language,
            base=self.base,
            version=_VERSION,
            **values,
        )
        response = Response(html, status=status, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = content_policy(permissions)
        response.headers["Referrer-Policy"] = permissions.referrer
        response.headers["Content-Language"] = language
        response.vary.add("Accept-Language")
        return detach(response)


def detach(response: Response) -> Response:
    """Let a client that opened us in a popup keep its hold on the window until we send the person back to it."""
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def language_of(ui_locales: Sequence[str] = ()) -> Language:
    """Return the language: the person's choice, then what the client asks for, then what the browser prefers."""
    for tag in (request.values.get("lang", ""), *ui_locales):
        match tag.lower().split("-")[0]:
            case "id" | "in":
                return "id"
            case "en":
                return "en"
    return preferred_language(request.accept_languages)


def content_policy(permissions: PagePermissions) -> str:
    """Return the Content-Security-Policy: nothing inline, nothing from elsewhere, in nobody's frame."""
    parts = [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        f"form-action 'self'{_scheme(permissions.form_target)}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if permissions.submits_itself:
        parts.append(f"script-src 'sha256-{_SUBMIT_HASH}'")
    if permissions.frames:
        parts.append("frame-src" + "".join(dict.fromkeys(_source(address) for address in permissions.frames)))
    return "; ".join(parts)


def _scheme(target: str | None) -> str:
    """Return the source expression for where a form leads in the end (CSP Level 3, section 6.4.1).

    It is the scheme and not the origin: Chromium holds every redirect after a form to this, those that the client makes
    afterwards too, and a client whose callback lies on another host than its pages would end on a blank page.
    """
    return "" if target is None else f" {urlsplit(target).scheme}:"


def _source(target: str) -> str:
    """Return a source expression that covers an address (CSP Level 3, section 2.3.1)."""
    parts = urlsplit(target)
    is_plain = parts.scheme in {"http", "https"} and "[" not in parts.netloc  # the grammar has no IPv6 addresses
    return f" {parts.scheme}://{parts.netloc}" if is_plain else f" {parts.scheme}:"


def _say(language: Language, name: str, /, **values: str) -> str:
    return TEXTS[name].say(language, **values)


def _scope_text(language: Language, scope: str) -> str | None:
    return SCOPES[scope].say(language) if scope in SCOPES else None
