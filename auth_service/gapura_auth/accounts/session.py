from dataclasses import dataclass

from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login of one account on one device."""

    id: str
    account_id: str
    client_id: str
    address: str
    user_agent: str
    authenticated_at: Timestamp
    last_seen_at: Timestamp
    expires_at: Timestamp
    revoked_at: Timestamp | None = None
    revoked_because: str | None = None
    #: the bit that tells guards when it has ended; see `revocation`
    status_slot: int | None = None
    #: the login in a browser that it comes from
    browser_session_id: str | None = None
    #: what was granted to the client in it, as JSON; None for a session of `/login`, which has all that roles allow
    granted: str | None = None

    def is_live(self, now: Timestamp) -> bool:
        """Whether tokens of this session are still good."""
        return self.revoked_at is None and now < self.expires_at
