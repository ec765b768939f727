"""The bodies of requests and answers."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.session import Session
from gapura_auth.accounts.sessions import Tokens
from gapura_chassis.api import Body, Representation
from gapura_chassis.clock import Timestamp

# generous bounds; the rules for names and passwords say more precisely, and in better words, what is wrong
Text = Annotated[str, Field(max_length=1024)]


class RegistrationBody(Body):
    """What it takes to get an account."""

    username: Text = Field(description="3 to 64 letters, digits, dots, hyphens and underscores.", examples=["ani"])
    password: str = Field(
        max_length=4096,
        description="8 characters or more; any characters, but nothing that is easily guessed.",
        examples=["kopi tubruk di pagi hari"],
    )
    email: Text | None = Field(None, description="Where to reach you.", examples=["ani@example.com"])


class LoginBody(Body):
    """A name (or a verified e-mail address) and a password."""

    username: Text = Field(examples=["user1"])
    password: str = Field(max_length=4096, examples=["pass123"])


class RefreshBody(Body):
    """The refresh token of the last login or refresh."""

    refresh_token: Text


class LogoutBody(Body):
    """Which sessions to end."""

    all: bool = Field(default=False, description="End every session of the account instead of this one.")


class PasswordBody(Body):
    """The old and the new password."""

    current_password: str = Field(max_length=4096)
    new_password: str = Field(max_length=4096)


class Message(Representation):
    """A success in words."""

    msg: str


class Registered(Message):
    """The new account."""

    id: str
    username: str


class TokensAnswer(Representation):
    """An access token, and a refresh token to get the next one with (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- the name of a scheme
    expires_in: int = Field(description="Life of the access token in seconds.")
    refresh_token: str
    scope: str

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        """Describe issued tokens."""
        return cls(
            access_token=tokens.access.text,
            expires_in=tokens.access.expires_in,
            refresh_token=tokens.refresh_token,
            scope=" ".join(sorted(tokens.access.scopes)),
        )


class Me(Representation):
    """The account behind a token."""

    id: str
    username: str
    email: str | None
    email_verified: bool
    created_at: str
    roles: list[str]
    scopes: list[str]

    @classmethod
    def of(cls, account: Account, roles: tuple[str, ...], scopes: frozenset[str]) -> Self:
        """Describe an account."""
        return cls(
            id=account.id,
            username=account.username,
            email=account.email,
            email_verified=account.email_verified_at is not None,
            created_at=as_text(account.created_at),
            roles=list(roles),
            scopes=sorted(scopes),
        )


class SessionView(Representation):
    """One login on one device."""

    id: str
    current: bool = Field(description="Whether this is the session that asks.")
    address: str
    user_agent: str
    created_at: str
    last_seen_at: str
    expires_at: str

    @classmethod
    def of(cls, session: Session, current: str) -> Self:
        """Describe a session."""
        return cls(
            id=session.id,
            current=session.id == current,
            address=session.address,
            user_agent=session.user_agent,
            created_at=as_text(session.authenticated_at),
            last_seen_at=as_text(session.last_seen_at),
            expires_at=as_text(session.expires_at),
        )


class SessionList(Representation):
    """The live sessions of an account, the last used first."""

    sessions: list[SessionView]


class JwkSet(Representation):
    """Public signing keys (RFC 7517, section 5)."""

    keys: list[dict[str, object]]


class OAuthProblem(Representation):
    """What endpoints of OAuth answer to what they refuse (RFC 6749, section 5.2)."""

    error: str = Field(examples=["invalid_request"])
    error_description: str


class ClientAnswer(Representation):
    """A registered client (RFC 7591, section 3.2.1); all of its metadata stands beside these members."""

    model_config = ConfigDict(frozen=True, extra="allow")

    client_id: str
    client_id_issued_at: int
    registration_client_uri: str
    registration_access_token: str
    client_secret: str | None = Field(None, description="Only where it was made just now: it is not kept.")


class ProviderMetadata(Representation):
    """What the provider offers, and where (RFC 8414, section 2; OpenID Connect Discovery, section 3)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    issuer: str


def as_text(time: Timestamp) -> str:
    """Return a time after RFC 3339, in UTC."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
