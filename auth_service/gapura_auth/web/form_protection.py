"""Whether a form was sent by a page of ours (OWASP: Cross-Site Request Forgery Prevention)."""

from urllib.parse import urlsplit

from flask import Request


def is_from_our_page(request: Request, issuer: str) -> bool:
    """Whether nothing says that another site has sent the form.

    `Sec-Fetch-Site` is set by the browser itself and no page can change it. A browser without it names the origin in
    `Origin`; one that sends neither is very old, and only the token of the form protects it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == origin_of(issuer)


def origin_of(address: str) -> str:
    """Return the origin of an http(s) address (RFC 6454)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
