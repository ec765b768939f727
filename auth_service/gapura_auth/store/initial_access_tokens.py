"""Initial access tokens (RFC 7591, section 1.2): who holds one may register clients, so many times, so long."""

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, insert, update

from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.store.tables import initial_access_tokens as tokens
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialToken:
    """A token as it is kept: what its registrations may say, and how many there may be."""

    digest: bytes
    policy: RegistrationPolicy
    uses: int
    created_at: Timestamp
    expires_at: Timestamp


def add_initial_token(connection: Connection, token: InitialToken) -> None:
    """Keep a new token."""
    statement = insert(tokens).values(
        digest=token.digest,
        policy=orjson.dumps(token.policy.as_document()).decode(),
        created_at=token.created_at,
        expires_at=token.expires_at,
        uses_left=token.uses,
    )
    connection.execute(statement)


def use_initial_token(connection: Connection, digest: bytes, now: Timestamp) -> RegistrationPolicy | None:
    """Take one use of a token, in one statement; None when it is unknown, expired or used up."""
    good = (tokens.c.digest == digest) & (tokens.c.uses_left > 0) & (tokens.c.expires_at > now)
    statement = update(tokens).where(good).values(uses_left=tokens.c.uses_left - 1).returning(tokens.c.policy)
    policy = connection.execute(statement).scalar()
    return RegistrationPolicy.of(orjson.loads(policy)) if policy is not None else None
