"""What the auth service itself knows of a person, as standard claims (OpenID Connect Core, section 5.1)."""

from dataclasses import dataclass

from gapura_auth.accounts.account import Account
from gapura_auth.oauth.claims import Person
from gapura_auth.store.accounts import find_account
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class AccountPeople:
    """The accounts as people; profiles are kept by the user service, which is no part of this."""

    database: Database

    def find(self, subject: str) -> Person | None:
        """Return the person with this identifier; None when there is none, or the account is disabled."""
        with self.database.read() as connection:
            account = find_account(connection, subject)
        if account is None or not account.is_enabled:
            return None
        return Person(account.id, _claims_of(account))


def _claims_of(account: Account) -> dict[str, object]:
    claims: dict[str, object] = {
        "preferred_username": account.username,
        "updated_at": int(max(account.created_at, account.email_verified_at or 0)),
    }
    if account.email is not None:
        claims |= {"email": account.email, "email_verified": account.email_verified_at is not None}
    return claims
