"""New accounts: by their owner through the web, or by an operator on the command line."""

from collections.abc import Callable
from dataclasses import dataclass

from gapura_auth.accounts.account import Account
from gapura_auth.accounts.errors import UnacceptableRegistration, UsernameTaken
from gapura_auth.accounts.passwords import Passwords
from gapura_auth.credentials import (
    EmailAddress,
    InvalidEmail,
    InvalidUsername,
    Username,
    parse_email,
    parse_username,
)
from gapura_auth.store.accounts import NameIsTaken, insert_account, is_name_taken
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.roles import grant_role
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

DEFAULT_ROLE = "member"


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody enters to get an account."""

    username: str
    password: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """Makes accounts."""

    database: Database
    passwords: Passwords
    clock: Clock
    new_id: Callable[[], str]
    #: whether addresses such as ani@example.test are accepted
    allow_test_addresses: bool

    def register(self, application: Application, *, address: str, actor: str = "(self)") -> Account:
        """Make an account that can log in at once.

        An e-mail address is only noted: it belongs to the account when its owner has proved it. So the answer does
        not tell whether somebody else uses it.

        Raises:
            UnacceptableRegistration: naming every field that breaks a rule.
            UsernameTaken: when the name, or one that looks like it, is there.
            TooManyLogins: when every hashing slot is taken.

        """
        username, email = self._check(application)
        with self.database.read() as connection:
            if is_name_taken(connection, username.canonical, username.skeleton):
                raise UsernameTaken
        account = self._account(username, email, self.passwords.hash(application.password), address)
        event = AuditEvent(
            at=account.created_at,
            action=AuditAction.ACCOUNT_REGISTERED,
            actor=actor,
            target=account.id,
            address=address,
        )
        try:
            with self.database.write() as connection:
                insert_account(connection, account)
                grant_role(connection, account.id, DEFAULT_ROLE)
                record(connection, event)
        except NameIsTaken:
            raise UsernameTaken from None
        return account

    def _check(self, application: Application) -> tuple[Username, EmailAddress | None]:
        errors: dict[str, tuple[str, ...]] = {}
        username = email = None
        try:
            username = parse_username(application.username)
        except InvalidUsername as error:
            errors["username"] = (error.sentence,)
        try:
            email = (
                parse_email(application.email, allow_test_domains=self.allow_test_addresses)
                if application.email
                else None
            )
        except InvalidEmail as error:
            errors["email"] = (error.sentence,)
        context = tuple(text for text in (application.username, application.email) if text)
        if reasons := self.passwords.reasons_against(application.password, context=context):
            errors["password"] = reasons
        if errors or username is None:
            raise UnacceptableRegistration(errors)
        return username, email

    def _account(self, username: Username, email: EmailAddress | None, password_hash: str, address: str) -> Account:
        now = self.clock()
        return Account(
            id=self.new_id(),
            username=username.display,
            username_canonical=username.canonical,
            username_skeleton=username.skeleton,
            email=email.address if email else None,
            email_canonical=email.canonical if email else None,
            password_hash=password_hash,
            password_changed_at=now,
            registered_from=address,
            created_at=now,
        )
