"""What people have agreed to: one row for each person and client, which only grows until it is withdrawn."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from gapura_auth.store.tables import consents
from gapura_chassis.clock import Timestamp
from gapura_chassis.upsert import insert_into


def remembered_scopes(connection: Connection, account_id: str, client_id: str) -> frozenset[str] | None:
    """Return what the person has given to the client; None where they never agreed to anything."""
    query = select(consents.c.scope).where(consents.c.account_id == account_id, consents.c.client_id == client_id)
    scope = connection.execute(query).scalar_one_or_none()
    return frozenset(scope.split()) if scope is not None else None


def remember_consent(
    connection: Connection, account_id: str, client_id: str, scopes: frozenset[str], now: Timestamp
) -> None:
    """Add to what the person has given to the client."""
    known = remembered_scopes(connection, account_id, client_id)
    if known is not None and scopes <= known:
        return
    scope = " ".join(sorted(scopes | (known or frozenset())))
    statement = insert_into(consents, connection.dialect.name).values(
        account_id=account_id, client_id=client_id, scope=scope, granted_at=now
    )
    # two consents at the same moment may forget one of them, and the person is asked again: not worth a lock
    changed = {"scope": scope, "granted_at": now}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[consents.c.account_id, consents.c.client_id], set_=changed)
    )


def consents_of(connection: Connection, account_id: str) -> Mapping[str, frozenset[str]]:
    """Return everything that a person has agreed to, by client."""
    query = select(consents.c.client_id, consents.c.scope).where(consents.c.account_id == account_id)
    rows = connection.execute(query.order_by(consents.c.client_id))
    return {row.client_id: frozenset(row.scope.split()) for row in rows}


def withdraw_consent(connection: Connection, account_id: str, client_id: str) -> bool:
    """Forget that the person has agreed; False when there is nothing to forget."""
    statement = delete(consents).where(consents.c.account_id == account_id, consents.c.client_id == client_id)
    return connection.execute(statement).rowcount == 1
