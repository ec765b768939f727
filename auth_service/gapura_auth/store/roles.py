"""Roles and the scopes they allow."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from gapura_auth.store.tables import account_roles, role_scopes, roles
from gapura_chassis.upsert import insert_into


class UnknownRole(Exception):
    """There is no role of this name."""


def define_role(connection: Connection, name: str, description: str, scopes: Iterable[str]) -> None:
    """Create a role, or give an existing one another description and other scopes."""
    connection.execute(delete(role_scopes).where(role_scopes.c.role == name))
    if connection.execute(select(roles.c.name).where(roles.c.name == name)).first() is None:
        connection.execute(insert(roles).values(name=name, description=description))
    else:
        connection.execute(roles.update().where(roles.c.name == name).values(description=description))
    rows = [{"role": name, "scope": scope} for scope in sorted(set(scopes))]
    if rows:
        connection.execute(insert(role_scopes), rows)


def list_roles(connection: Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, description and scopes of every role, by name."""
    scopes: dict[str, list[str]] = {}
    for role, scope in connection.execute(select(role_scopes).order_by(role_scopes.c.scope)):
        scopes.setdefault(role, []).append(scope)
    rows = connection.execute(select(roles).order_by(roles.c.name))
    return [(row.name, row.description, tuple(scopes.get(row.name, ()))) for row in rows]


def grant_role(connection: Connection, account_id: str, role: str) -> bool:
    """Give an account a role; False when it has it already.

    Raises:
        UnknownRole: when there is no such role.

    """
    if connection.execute(select(roles.c.name).where(roles.c.name == role)).first() is None:
        raise UnknownRole(role)
    granted = (
        insert_into(account_roles, connection.dialect.name)
        .values(account_id=account_id, role=role)
        .on_conflict_do_nothing()
    )
    return connection.execute(granted.returning(account_roles.c.role)).first() is not None


def withdraw_role(connection: Connection, account_id: str, role: str) -> bool:
    """Take a role from an account; False when it does not have it."""
    held = (account_roles.c.account_id == account_id) & (account_roles.c.role == role)
    return connection.execute(delete(account_roles).where(held)).rowcount == 1


def roles_of(connection: Connection, account_id: str) -> tuple[str, ...]:
    """Return the roles of an account, by name."""
    query = select(account_roles.c.role).where(account_roles.c.account_id == account_id)
    return tuple(connection.execute(query.order_by(account_roles.c.role)).scalars())


def scopes_of(connection: Connection, account_id: str) -> frozenset[str]:
    """Return every scope that the roles of an account allow."""
    query = (
        select(role_scopes.c.scope)
        .join(account_roles, account_roles.c.role == role_scopes.c.role)
        .where(account_roles.c.account_id == account_id)
    )
    return frozenset(connection.execute(query).scalars())
