"""What a token stands for: who granted what to which client."""

from dataclasses import dataclass

from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person's consent, as it stands at the moment a token is issued."""

    subject: str
    username: str
    client_id: str
    session_id: str
    audience: tuple[str, ...]
    scopes: frozenset[str]
    authenticated_at: Timestamp
    #: when the session ends, however much it is used
    ends_at: Timestamp
