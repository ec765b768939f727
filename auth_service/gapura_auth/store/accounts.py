"""Accounts: who can log in."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from gapura_auth.accounts.account import Account
from gapura_auth.store.tables import accounts
from gapura_chassis.clock import Timestamp


class NameIsTaken(Exception):
    """There is an account with this name, or with one that looks the same."""


def insert_account(connection: Connection, account: Account) -> None:
    """Store a new account.

    Raises:
        NameIsTaken: when the name, or one that looks like it, is there already.

    """
    values = {column.name: getattr(account, column.name) for column in accounts.columns}
    try:
        with connection.begin_nested():
            connection.execute(insert(accounts).values(values))
    except IntegrityError as error:
        raise NameIsTaken from error


def is_name_taken(connection: Connection, canonical: str, skeleton: str) -> bool:
    """Whether a registration under this name would be refused."""
    taken = (accounts.c.username_canonical == canonical) | (accounts.c.username_skeleton == skeleton)
    return connection.execute(select(accounts.c.id).where(taken).limit(1)).first() is not None


def find_account(connection: Connection, account_id: str) -> Account | None:
    """Return the account with this identifier."""
    return _one(connection, select(accounts).where(accounts.c.id == account_id))


def find_account_by_username(connection: Connection, canonical: str) -> Account | None:
    """Return the account with this name, given in its canonical form."""
    return _one(connection, select(accounts).where(accounts.c.username_canonical == canonical))


def find_account_by_email(connection: Connection, canonical: str) -> Account | None:
    """Return the account that has proved to own this address, given in its canonical form."""
    proved = accounts.c.email_verified_at.is_not(None)
    return _one(connection, select(accounts).where(accounts.c.email_canonical == canonical, proved))


def lock_account(connection: Connection, account_id: str) -> Account | None:
    """Return the account and hold its row until the transaction ends, so that nobody disables it meanwhile."""
    return _one(connection, select(accounts).where(accounts.c.id == account_id).with_for_update())


def list_accounts(connection: Connection) -> Iterator[Account]:
    """Return every account, by name."""
    rows = connection.execute(select(accounts).order_by(accounts.c.username_canonical))
    return (_account(row) for row in rows)


def replace_password_hash(connection: Connection, account_id: str, *, old: str | None, new: str) -> bool:
    """Store the same password under new parameters; False when the password was changed meanwhile."""
    unchanged = (accounts.c.id == account_id) & (accounts.c.password_hash == old)
    return connection.execute(update(accounts).where(unchanged).values(password_hash=new)).rowcount == 1


def change_password(connection: Connection, account_id: str, new_hash: str, now: Timestamp) -> None:
    """Store a new password."""
    connection.execute(
        update(accounts).where(accounts.c.id == account_id).values(password_hash=new_hash, password_changed_at=now)
    )


def set_disabled(connection: Connection, account_id: str, since: Timestamp | None) -> bool:
    """Disable an account, or enable it again with None; False when that is how it was."""
    differs = accounts.c.disabled_at.is_not(None) if since is None else accounts.c.disabled_at.is_(None)
    statement = update(accounts).where(accounts.c.id == account_id, differs).values(disabled_at=since)
    return connection.execute(statement).rowcount == 1


def has_demo_accounts(connection: Connection) -> bool:
    """Whether an account with a published password can log in."""
    usable = accounts.c.is_demo & accounts.c.disabled_at.is_(None)
    return connection.execute(select(accounts.c.id).where(usable).limit(1)).first() is not None


def _one(connection: Connection, query: Select[Any]) -> Account | None:
    row = connection.execute(query).one_or_none()
    return _account(row) if row is not None else None


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001 -- the public name of a row's columns in SQLAlchemy
