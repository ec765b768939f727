"""Logging in: from a name and a password to an account, at the same cost and with the same answer whatever is wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import BadCredentials, TooManyAttempts
from gapura_auth.accounts.passwords import Passwords
from gapura_auth.accounts.throttle import ACCOUNT, ADDRESS, ATTACK, PAIR, PAIR_UNDER_ATTACK, Attempt, attempt_of
from gapura_auth.credentials import canonical_email, canonical_username
from gapura_auth.store.accounts import find_account_by_email, find_account_by_username, replace_password_hash
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.sessions import has_logged_in_from
from gapura_auth.store.throttle import blocked_until, failures_in, forget, give_back, take_attempt
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class Authentication:
    """Checks who somebody is by a password."""

    database: Database
    passwords: Passwords
    clock: Clock

    def by_password(self, login: str, password: str, address: str) -> Account:
        """Return the account that this name (or proved e-mail address) and password belong to.

        Raises:
            BadCredentials: for an unknown name, a wrong password and a disabled account alike.
            TooManyAttempts: while guessing is slowed down.
            TooManyLogins: when every hashing slot is taken.

        """
        name = _canonical(login)
        attempt = attempt_of(name, address)
        account = self._look_up(name, attempt, address)
        with self.passwords.slot():
            self._take(attempt, account, address)
            verification = self.passwords.verify(account.password_hash if account else None, password)
            renewed = self.passwords.hash_in_slot(password) if verification.needs_rehash else None
        if account is None or not verification.ok or not account.is_enabled:
            self._note_failure(account, attempt, address)
            raise BadCredentials
        self._note_success(account, attempt, renewed)
        return account

    def confirm(self, account: Account, password: str, address: str) -> Account:
        """Check the password of an account that is known already, under the same throttle as a login.

        Returns the account as it was when the password was right.
        """
        confirmed = self.by_password(account.username, password, address)
        if confirmed.id != account.id:
            raise BadCredentials
        return confirmed

    def _look_up(self, name: str, attempt: Attempt, address: str) -> Account | None:
        now = self.clock()
        with self.database.read() as connection:
            account = _find(connection, name)
            until = blocked_until(connection, attempt.pair)
            if not _is_at_home(connection, account, address):
                until = max(until, blocked_until(connection, attempt.address))
        if until > now:
            raise _wait_until(until, now)
        return account

    def _take(self, attempt: Attempt, account: Account | None, address: str) -> None:
        """Count the attempt before it is made: a thousand parallel guesses are a thousand, whoever answers first."""
        now = self.clock()
        with self.database.write() as connection:
            at_home = _is_at_home(connection, account, address)
            attacked = failures_in(connection, attempt.account, ACCOUNT, now) >= ATTACK and not at_home
            taken = take_attempt(connection, attempt.pair, PAIR_UNDER_ATTACK if attacked else PAIR, now)
            taken_by_address = take_attempt(connection, attempt.address, ADDRESS, now) or at_home
            if not taken or not taken_by_address:
                blocked = max(blocked_until(connection, bucket) for bucket in (attempt.pair, attempt.address))
                raise _wait_until(blocked, now)  # which also takes back what was counted
            take_attempt(connection, attempt.account, ACCOUNT, now)

    def _note_failure(self, account: Account | None, attempt: Attempt, address: str) -> None:
        now = self.clock()
        # an unknown name is not written down: it may be a password that was typed into the wrong field
        target = account.id if account else "(unknown)"
        with self.database.write() as connection:
            for action in (AuditAction.LOGIN_FAILED, *self._throttled(connection, attempt, now)):
                record(connection, AuditEvent(at=now, action=action, actor="(anybody)", target=target, address=address))

    def _throttled(self, connection: Connection, attempt: Attempt, now: Timestamp) -> Sequence[AuditAction]:
        # written down once for each wait, not for each attempt that is refused meanwhile: those must cost nothing
        return [AuditAction.LOGIN_THROTTLED] if blocked_until(connection, attempt.pair) > now else []

    def _note_success(self, account: Account, attempt: Attempt, renewed_hash: str | None) -> None:
        with self.database.write() as connection:
            forget(connection, attempt.pair)
            give_back(connection, [attempt.address, attempt.account])
            if renewed_hash is not None:
                replace_password_hash(connection, account.id, old=account.password_hash, new=renewed_hash)


def _canonical(login: str) -> str:
    return canonical_email(login) if "@" in login else canonical_username(login)


def _find(connection: Connection, name: str) -> Account | None:
    return find_account_by_email(connection, name) if "@" in name else find_account_by_username(connection, name)


def _is_at_home(connection: Connection, account: Account | None, address: str) -> bool:
    if account is None or not address:
        return False  # behind a Unix socket everybody comes from nowhere
    return account.registered_from == address or has_logged_in_from(connection, account.id, address)


def _wait_until(until: Timestamp, now: Timestamp) -> TooManyAttempts:
    return TooManyAttempts(retry_after=math.ceil(until - now))
