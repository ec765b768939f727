"""The command line as an operator sees it: arguments and an environment in, text and an exit status out."""

import time
from collections.abc import Callable
from contextlib import closing

import pytest
from click.testing import CliRunner, Result

from gapura_auth.cli import main
from gapura_auth.credentials import Argon2Parameters, MasterKey, PasswordHasher
from gapura_auth.factory import key_rotation
from gapura_auth.settings import AuthSettings
from gapura_chassis.database import Database

Gapura = Callable[..., Result]


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch):
    monkeypatch.setattr("gapura_auth.factory.PasswordHasher", lambda *_: PasswordHasher(Argon2Parameters(8, 1, 1)))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("DATABASE_URL", "GAPURA_HOME", "GAPURA_ENV", "GAPURA_ISSUER", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def environ(tmp_path) -> dict[str, str]:
    return {
        "GAPURA_HOME": str(tmp_path),
        "GAPURA_MASTER_KEY": MasterKey(bytes(32)).text(),
        "GAPURA_DEMO": "false",
    }


@pytest.fixture
def run(environ) -> Gapura:
    """Run a command; a traceback fails the test."""

    def run_command(*arguments: str, typed: str | None = None, **changes: str | None) -> Result:
        result = CliRunner().invoke(main, arguments, input=typed, env={**environ, **changes})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert "Traceback" not in result.output
        return result

    return run_command


@pytest.fixture
def run_on_new(run, environ, new_database_url) -> Gapura:
    """Run a command on a database that has no tables yet, on each of the two."""
    environ["DATABASE_URL"] = new_database_url
    return run


def with_first_key(run: Gapura, environ: dict[str, str], migrated: Callable[[str], Database], url: str) -> Gapura:
    environ["DATABASE_URL"] = url
    settings = AuthSettings.from_environment(environ)
    with closing(migrated(url)) as database:
        key_rotation(settings, database, time.time).rotate_if_due()
    return run


@pytest.fixture
def gapura(run, environ, migrated, sqlite_url) -> Gapura:
    """Run a command on an SQLite database that is up to date, for what no database can change."""
    return with_first_key(run, environ, migrated, sqlite_url)


@pytest.fixture
def gapura_on_both(run, environ, migrated, database_url) -> Gapura:
    """Run a command on a database that is up to date, on each of the two."""
    return with_first_key(run, environ, migrated, database_url)
