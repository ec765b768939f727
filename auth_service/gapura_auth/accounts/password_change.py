"""A new password: by the owner, who must know the old one, or by an operator, who need not."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.errors import BadCredentials, UnacceptableRegistration
from gapura_auth.accounts.passwords import Passwords
from gapura_auth.store.accounts import change_password, lock_account
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.sessions import revoke_sessions_of
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """Sets new passwords; every other session of the account ends with the old one."""

    database: Database
    passwords: Passwords
    authentication: Authentication
    clock: Clock

    def by_owner(self, account: Account, session_id: str, current: str, new: str, address: str) -> None:
        """Change the password of whoever is logged in; their own session goes on.

        Raises:
            UnacceptableRegistration: when the new password breaks a rule.
            BadCredentials: when the current password is wrong, or another one was set meanwhile.
            TooManyAttempts: while guessing is slowed down.

        """
        self._check(account, new, field="new_password")
        confirmed = self.authentication.confirm(account, current, address)
        new_hash = self.passwords.hash(new)
        now = self.clock()
        with self.database.write() as connection:
            present = lock_account(connection, account.id)
            if (
                present is None
                or not present.is_enabled
                or present.password_changed_at != confirmed.password_changed_at
            ):
                raise BadCredentials
            _set(connection, account, new_hash, now, keep=session_id)
            record(connection, _event(account, now, actor=account.id, address=address))

    def by_operator(self, account: Account, new: str, actor: str) -> None:
        """Set a password; every session of the account ends.

        Raises:
            UnacceptableRegistration: when the password breaks a rule.

        """
        self._check(account, new, field="password")
        new_hash = self.passwords.hash(new)
        now = self.clock()
        with self.database.write() as connection:
            _set(connection, account, new_hash, now, keep=None)
            record(connection, _event(account, now, actor=actor, address=""))

    def _check(self, account: Account, password: str, *, field: str) -> None:
        context = tuple(text for text in (account.username, account.email) if text)
        if reasons := self.passwords.reasons_against(password, context=context):
            raise UnacceptableRegistration({field: reasons})


def _set(connection: Connection, account: Account, new_hash: str, now: Timestamp, *, keep: str | None) -> None:
    change_password(connection, account.id, new_hash, now)
    revoke_sessions_of(connection, account.id, now, "password changed", except_session=keep)


def _event(account: Account, now: Timestamp, *, actor: str, address: str) -> AuditEvent:
    return AuditEvent(at=now, action=AuditAction.PASSWORD_CHANGED, actor=actor, target=account.id, address=address)
