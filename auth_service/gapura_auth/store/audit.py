"""The audit log: who did what to whom, when and from where. Rows are only ever added, and never hold a secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson
from sqlalchemy import Connection, insert, select

from gapura_auth.store.tables import audit_events
from gapura_chassis.clock import Timestamp


class AuditAction(StrEnum):
    """Everything that is written down."""

    ACCOUNT_REGISTERED = "account.registered"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_THROTTLED = "login.throttled"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- the name of an event
    ROLE_DEFINED = "role.defined"
    ROLE_GRANTED = "role.granted"
    ROLE_WITHDRAWN = "role.withdrawn"
    SESSION_REVOKED = "session.revoked"
    SESSIONS_REVOKED = "sessions.revoked"
    LOGOUT_DELIVERED = "logout.delivered"
    LOGOUT_FAILED = "logout.failed"
    CONSENT_GRANTED = "consent.granted"
    REFRESH_REUSED = "refresh.reused"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CLIENT_DELETED = "client.deleted"
    CLIENT_SECRET_ROTATED = "client.secret_rotated"  # noqa: S105 -- the name of an event
    INITIAL_TOKEN_CREATED = "initial_token.created"  # noqa: S105 -- the name of an event
    KEY_PUBLISHED = "key.published"
    KEY_KILLED = "key.killed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the audit log."""

    at: Timestamp
    action: AuditAction
    #: who did it: an account's identifier, or the name of a program
    actor: str
    #: whom or what it was done to
    target: str
    address: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)


def record(connection: Connection, event: AuditEvent) -> None:
    """Write an event down, in the transaction of what it tells about."""
    connection.execute(
        insert(audit_events).values(
            at=event.at,
            action=event.action.value,
            actor=event.actor,
            target=event.target,
            address=event.address,
            details=orjson.dumps(dict(event.details)).decode(),
        )
    )


def latest_events(connection: Connection, limit: int) -> Sequence[AuditEvent]:
    """Return the newest events, the newest first."""
    query = select(audit_events).order_by(audit_events.c.id.desc()).limit(limit)
    return [
        AuditEvent(
            at=row.at,
            action=AuditAction(row.action),
            actor=row.actor,
            target=row.target,
            address=row.address,
            details=orjson.loads(row.details),
        )
        for row in connection.execute(query)
    ]
