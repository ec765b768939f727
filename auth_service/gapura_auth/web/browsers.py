"""The two cookies: one names the browser, the other is a login (`browser` says what they are for)."""

from dataclasses import dataclass
from typing import Literal

from flask import Response, request

from gapura_auth.browser.form_tokens import browser_digest, new_browser
from gapura_auth.browser.sessions import BrowserSessions
from gapura_auth.browser.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Browsers:
    """Reads and writes the cookies.

    They end with the browser, and never reach a script or a page of another site. `__Host-` keeps other hosts of the
    domain from setting them, and exists with TLS only (RFC 6265bis, section 4.1.3.2).
    """

    sessions: BrowserSessions
    https: bool

    @property
    def login_cookie(self) -> str:
        """Name of the cookie that is a login."""
        return "__Host-gapura" if self.https else "gapura"

    @property
    def browser_cookie(self) -> str:
        """Name of the cookie that names the browser."""
        return "__Host-gapura-browser" if self.https else "gapura-browser"

    @property
    def present_login(self) -> str | None:
        """What the login cookie of this request holds, good or not."""
        return request.cookies.get(self.login_cookie)

    def visitor(self, login: str | None = None) -> Visitor:
        """Return who is asking; with `login`, as they are after having signed in just now."""
        browser = request.cookies.get(self.browser_cookie)
        return Visitor(
            browser=browser if browser is not None and browser_digest(browser) is not None else new_browser(),
            signed_in=self.sessions.find(login or self.present_login),
            address=request.remote_addr or "",
            user_agent=request.headers.get("User-Agent", ""),
        )

    def name(self, response: Response, visitor: Visitor) -> Response:
        """Let the browser keep its name, where it is new."""
        if request.cookies.get(self.browser_cookie) != visitor.browser:
            self._set(response, self.browser_cookie, visitor.browser)
        return response

    def sign_in(self, response: Response, login: str) -> Response:
        """Let the browser keep a login."""
        self._set(response, self.login_cookie, login)
        return response

    def sign_out(self, response: Response) -> Response:
        """Take the login from the browser."""
        response.delete_cookie(self.login_cookie, path="/", secure=self.https, httponly=True, samesite=_SAME_SITE)
        return response

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self.https, httponly=True, samesite=_SAME_SITE)


_SAME_SITE: Literal["Lax"] = "Lax"
