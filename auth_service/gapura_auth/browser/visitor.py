from dataclasses import dataclass

from gapura_auth.browser.session import SignedIn
from gapura_auth.oauth.authorization import BrowserLogin


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the other end: a browser, and whoever is signed in there."""

    browser: str
    signed_in: SignedIn | None
    address: str
    user_agent: str

    @property
    def login(self) -> BrowserLogin | None:
        """The login as the protocol sees it."""
        return self.signed_in.login if self.signed_in is not None else None

    @property
    def login_id(self) -> str:
        """Something that is another text after every login, for the tokens of forms; empty for nobody."""
        session = self.signed_in.session if self.signed_in is not None else None
        return f"{session.id} {session.authenticated_at}" if session is not None else ""
