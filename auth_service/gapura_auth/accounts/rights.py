"""What an account may do."""

from dataclasses import dataclass

from gapura_auth.accounts.account import Account
from gapura_auth.store.roles import roles_of, scopes_of
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class Rights:
    """Looks up roles and scopes."""

    database: Database

    def of(self, account: Account) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the account's roles, and the scopes that they allow."""
        with self.database.read() as connection:
            return roles_of(connection, account.id), scopes_of(connection, account.id)
