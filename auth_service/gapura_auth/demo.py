"""What a new database holds: the two built-in roles, and in development the accounts of the guide.

The demo passwords are published, and break every rule for passwords: production refuses to start with these accounts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.registration import DEFAULT_ROLE
from gapura_auth.credentials import parse_username
from gapura_auth.store.accounts import insert_account
from gapura_auth.store.roles import define_role, grant_role
from gapura_auth.web.scopes import ACCOUNT
from gapura_chassis.clock import Timestamp

ADMIN_ROLE = "admin"
ADMIN_SCOPES = (ACCOUNT, "products:write", "users:read", "users:write")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account whose password is printed in the guide."""

    username: str
    password: str
    roles: tuple[str, ...]


DEMO_ACCOUNTS = (
    DemoAccount("user1", "pass123", (DEFAULT_ROLE,)),
    DemoAccount("user2", "pass456", (DEFAULT_ROLE,)),
    DemoAccount("admin", "admin123", (DEFAULT_ROLE, ADMIN_ROLE)),
)


def define_built_in_roles(connection: Connection) -> None:
    """Create the roles that every installation has."""
    define_role(connection, DEFAULT_ROLE, "Everybody with an account: may manage that account.", (ACCOUNT,))
    define_role(connection, ADMIN_ROLE, "May change users and products.", ADMIN_SCOPES)


def add_demo_accounts(
    connection: Connection, hash_password: Callable[[str], str], new_id: Callable[[], str], now: Timestamp
) -> None:
    """Create the accounts of the guide."""
    for demo in DEMO_ACCOUNTS:
        username = parse_username(demo.username)
        account = Account(
            id=new_id(),
            username=username.display,
            username_canonical=username.canonical,
            username_skeleton=username.skeleton,
            email=None,
            email_canonical=None,
            password_hash=hash_password(demo.password),
            password_changed_at=now,
            registered_from="",
            is_demo=True,
            created_at=now,
        )
        insert_account(connection, account)
        for role in demo.roles:
            grant_role(connection, account.id, role)
