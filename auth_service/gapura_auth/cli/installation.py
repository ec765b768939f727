"""The installation that a command works on: the settings of the environment, and their database."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from gapura_auth.accounts.administration import Administration
from gapura_auth.accounts.authentication import Authentication
from gapura_auth.accounts.password_change import PasswordChange
from gapura_auth.accounts.registration import Registration
from gapura_auth.cli.refusals import Refused
from gapura_auth.factory import MIGRATIONS, database_of, key_rotation, passwords_of, registration_of
from gapura_auth.keys.rotation import KeyRotation
from gapura_auth.settings import AuthSettings
from gapura_chassis.clock import system_clock
from gapura_chassis.database import Database

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Installation:
    """One auth service, as an operator sees it."""

    settings: AuthSettings
    database: Database
    #: who is written down in the audit log
    actor: str

    @property
    def administration(self) -> Administration:
        """What changes accounts and roles."""
        return Administration(self.database, system_clock, self.actor)

    @property
    def registration(self) -> Registration:
        """What makes accounts."""
        return registration_of(self.settings, self.database, passwords_of(self.settings), system_clock)

    @property
    def password_change(self) -> PasswordChange:
        """What sets passwords."""
        passwords = passwords_of(self.settings)
        authentication = Authentication(self.database, passwords, system_clock)
        return PasswordChange(self.database, passwords, authentication, system_clock)

    @property
    def key_rotation(self) -> KeyRotation:
        """What keeps the signing keys.

        Raises:
            Refused: in the compatibility mode, which has none.

        """
        if self.settings.jwt_secret_key is not None:
            raise Refused("JWT_SECRET_KEY is set: tokens are signed under that secret, and there are no signing keys.")
        return key_rotation(self.settings, self.database, system_clock)


@contextmanager
def open_installation() -> Iterator[Installation]:
    """Lend the installation of this environment.

    Raises:
        ConfigurationError: when the environment is not usable.
        Refused: when the database is not up to date.

    """
    settings = AuthSettings.from_environment(os.environ)
    database = database_of(settings)
    try:
        database.ping()
        if not MIGRATIONS.are_done(database):
            place = database.engine.url.render_as_string(hide_password=True)
            raise Refused(f"The database {place} is not up to date: run `gapura-auth migrate` first.")
        yield Installation(settings, database, f"gapura-auth ({operator()})")
    finally:
        database.close()


def with_installation(
    command: Callable[Concatenate[Installation, Arguments], None],
) -> Callable[Arguments, None]:
    """Give a command its installation as the first argument, and close the database afterwards."""

    @wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        with open_installation() as installation:
            command(installation, *args, **kwargs)

    return run


def operator() -> str:
    """Return the name of who runs the program, or their number where the machine knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
