"""The command line as an operator sees it: arguments and an environment in, text and an exit status out."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from gapura_auth.cli import main
from gapura_auth.credentials import Argon2Parameters, MasterKey, PasswordHasher

Gapura = Callable[..., Result]


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch):
    monkeypatch.setattr("gapura_auth.factory.PasswordHasher", lambda *_: PasswordHasher(Argon2Parameters(8, 1, 1)))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("DATABASE_URL", "GAPURA_HOME", "GAPURA_ENV", "GAPURA_ISSUER", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def environ(database_url, tmp_path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
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
def gapura(run) -> Gapura:
    """Run a command on a database that is up to date."""
    assert run("migrate").exit_code == 0
    return run
