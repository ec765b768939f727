from dataclasses import dataclass

from gapura_auth.accounts.account import Account
from gapura_auth.oauth.authorization import BrowserLogin
from gapura_auth.oauth.grants import LoginEvent
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """A login in one browser; the sessions of the clients that people go on to hang on it."""

    id: str
    account_id: str
    authenticated_at: Timestamp
    #: authentication methods (RFC 8176)
    amr: tuple[str, ...]
    #: authentication context class, one of `oauth.authentication_contexts`
    acr: str | None
    last_seen_at: Timestamp
    expires_at: Timestamp


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live login and whose it is."""

    session: BrowserSession
    account: Account

    @property
    def login(self) -> BrowserLogin:
        """The login as the protocol sees it."""
        session = self.session
        event = LoginEvent(session.authenticated_at, amr=session.amr, acr=session.acr)
        return BrowserLogin(session.id, session.account_id, event)
