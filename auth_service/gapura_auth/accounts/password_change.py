"""A new password: by the owner, who must know the old one, or by an operator, who need not."""

from dataclasses import dataclass

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.errors import UnacceptableRegistration
from gapura_auth.accounts.passwords import Passwords
from gapura_auth.store.accounts import change_password
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.sessions import revoke_sessions_of
from gapura_chassis.clock import Clock
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
            BadCredentials: when the current password is wrong.
            TooManyAttempts: while guessing is slowed down.

        """
        self._check(account, new, field="new_password")
        self.authentication.confirm(account, current, address)
        self._change(account, new, actor=account.id, address=address, keep=session_id)

    def by_operator(self, account: Account, new: str, actor: str) -> None:
        """Set a password; every session of the account ends.

        Raises:
            UnacceptableRegistration: when the password breaks a rule.

        """
        self._check(account, new, field="password")
        self._change(account, new, actor=actor, address="", keep=None)

    def _check(self, account: Account, password: str, *, field: str) -> None:
        context = tuple(text for text in (account.username, account.email) if text)
        if reasons := self.passwords.reasons_against(password, context=context):
            raise UnacceptableRegistration({field: reasons})

    def _change(self, account: Account, password: str, *, actor: str, address: str, keep: str | None) -> None:
        new_hash = self.passwords.hash(password)
        now = self.clock()
        with self.database.write() as connection:
            change_password(connection, account.id, new_hash, now)
            revoke_sessions_of(connection, account.id, now, "password changed", except_session=keep)
            event = AuditEvent(
                at=now, action=AuditAction.PASSWORD_CHANGED, actor=actor, target=account.id, address=address
            )
            record(connection, event)
