"""What a token stands for: who granted what to which client."""

from dataclasses import dataclass

from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class StatusReference:
    """A place in a Token Status List (draft-ietf-oauth-status-list, section 5.1)."""

    uri: str
    index: int


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
    #: which bit of which published list says that the session has ended; None where no lists are published
    status: StatusReference | None = None
    #: when the session ends, however much it is used
    ends_at: Timestamp
