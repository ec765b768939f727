"""Deleting what has expired, in small batches, so that tables stop growing and no transaction is long."""

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.sql.elements import ColumnElement

from gapura_auth.store.tables import (
    authorization_codes,
    authorization_requests,
    browser_sessions,
    device_codes,
    initial_access_tokens,
    login_throttle,
    logout_outbox,
    refresh_tokens,
    sessions,
    used_identifiers,
)
from gapura_chassis.clock import Timestamp

BATCH = 500
DAY = 24 * 3600.0

#: Ended sessions stay visible for a while to whoever looks into what happened.
KEEP_SESSIONS = 30 * DAY
#: Longer than any wait of the throttle.
KEEP_THROTTLE = DAY
#: A request that was pushed is answered while somebody signs in, and a code that was used is known when it comes again.
KEEP_AUTHORIZATIONS = DAY
#: What was delivered to clients, or given up, can be looked at for a week.
KEEP_LOGOUTS = 7 * DAY


def delete_expired(connection: Connection, now: Timestamp) -> int:
    """Delete at most one batch of each kind; returns how many rows."""
    return (
        _delete_batch(connection, refresh_tokens, refresh_tokens.c.digest, refresh_tokens.c.expires_at < now)
        + _delete_batch(connection, sessions, sessions.c.id, sessions.c.expires_at < now - KEEP_SESSIONS)
        + _delete_batch(
            connection, login_throttle, login_throttle.c.bucket, login_throttle.c.touched_at < now - KEEP_THROTTLE
        )
        + _delete_authorizations(connection, now - KEEP_AUTHORIZATIONS)
        + _delete_batch(connection, logout_outbox, logout_outbox.c.id, logout_outbox.c.created_at < now - KEEP_LOGOUTS)
        + _delete_batch(connection, browser_sessions, browser_sessions.c.digest, browser_sessions.c.expires_at < now)
        + _delete_batch(connection, used_identifiers, used_identifiers.c.digest, used_identifiers.c.expires_at < now)
        + _delete_batch(
            connection, initial_access_tokens, initial_access_tokens.c.digest, initial_access_tokens.c.expires_at < now
        )
    )


def _delete_authorizations(connection: Connection, then: Timestamp) -> int:
    return sum(
        _delete_batch(connection, table, table.c.digest, table.c.expires_at < then)
        for table in (authorization_requests, authorization_codes, device_codes)
    )


def _delete_batch(
    connection: Connection, table: Table, key: ColumnElement[object], expired: ColumnElement[bool]
) -> int:
    batch = select(key).where(expired).limit(BATCH)
    return connection.execute(delete(table).where(key.in_(batch))).rowcount
