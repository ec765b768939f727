"""What an operator does with accounts and roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import UnknownAccount
from gapura_auth.accounts.role import Role
from gapura_auth.credentials import canonical_username
from gapura_auth.store.accounts import find_account_by_username, list_accounts, set_disabled
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.roles import define_role, grant_role, list_roles, roles_of, withdraw_role
from gapura_auth.store.sessions import revoke_sessions_of
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class Administration:
    """Changes accounts by name, on behalf of `actor`: an operator on the command line, or an administrator."""

    database: Database
    clock: Clock
    actor: str

    def find(self, username: str) -> Account:
        """Return the account of this name.

        Raises:
            UnknownAccount: when there is none.

        """
        with self.database.read() as connection:
            return _require(connection, username)

    def list(self) -> Sequence[tuple[Account, tuple[str, ...]]]:
        """Return every account with its roles, by name."""
        with self.database.read() as connection:
            return [(account, roles_of(connection, account.id)) for account in [*list_accounts(connection)]]

    def disable(self, username: str) -> bool:
        """Disable an account and end its sessions; False when it was disabled already."""
        now = self.clock()
        with self.database.write() as connection:
            account = _require(connection, username)
            changed = set_disabled(connection, account.id, now)
            revoke_sessions_of(connection, account.id, now, "account disabled")
            if changed:
                self._record(connection, AuditAction.ACCOUNT_DISABLED, account)
        return changed

    def enable(self, username: str) -> bool:
        """Enable an account again; False when it was enabled."""
        with self.database.write() as connection:
            account = _require(connection, username)
            changed = set_disabled(connection, account.id, None)
            if changed:
                self._record(connection, AuditAction.ACCOUNT_ENABLED, account)
        return changed

    def grant(self, username: str, role: str) -> bool:
        """Give an account a role; False when it has it.

        Raises:
            UnknownRole: when there is no such role.

        """
        with self.database.write() as connection:
            account = _require(connection, username)
            changed = grant_role(connection, account.id, role)
            if changed:
                self._record(connection, AuditAction.ROLE_GRANTED, account, role=role)
        return changed

    def withdraw(self, username: str, role: str) -> bool:
        """Take a role from an account; False when it does not have it."""
        with self.database.write() as connection:
            account = _require(connection, username)
            changed = withdraw_role(connection, account.id, role)
            if changed:
                self._record(connection, AuditAction.ROLE_WITHDRAWN, account, role=role)
        return changed

    def roles(self) -> Sequence[Role]:
        """Return every role, by name."""
        with self.database.read() as connection:
            return [Role(*row) for row in list_roles(connection)]

    def define_role(self, role: Role) -> None:
        """Create a role, or give an existing one another description and other scopes.

        Raises:
            UnacceptableRole: when its name or a scope is not written as it must be.

        """
        role.check()
        with self.database.write() as connection:
            define_role(connection, role.name, role.description, role.scopes)
            event = AuditEvent(
                at=self.clock(),
                action=AuditAction.ROLE_DEFINED,
                actor=self.actor,
                target=role.name,
                details={"scopes": " ".join(role.scopes)},
            )
            record(connection, event)

    def _record(self, connection: Connection, action: AuditAction, account: Account, **details: str) -> None:
        event = AuditEvent(at=self.clock(), action=action, actor=self.actor, target=account.id, details=details)
        record(connection, event)


def _require(connection: Connection, username: str) -> Account:
    account = find_account_by_username(connection, canonical_username(username))
    if account is None:
        raise UnknownAccount(username)
    return account
