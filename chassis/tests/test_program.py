import logging

import pytest
import structlog
import tiny_service

from gapura.errors import ConfigurationError as GuardConfigurationError
from gapura_chassis.program import Program
from gapura_chassis.settings import ConfigurationError, ServiceSettings

PROGRAM = Program("tiny", ServiceSettings, "tiny_service")


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path):
    monkeypatch.setenv("GAPURA_HOME", str(tmp_path))
    handlers, before = logging.getLogger().handlers[:], structlog.get_config()
    yield
    logging.getLogger().handlers[:] = handlers
    logging.captureWarnings(capture=False)
    structlog.configure(**before)


def test_flask_gets_the_application_with_its_database_prepared():
    assert PROGRAM.create_app().test_client().get("/livez").status_code == 200


def test_a_wrong_configuration_ends_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "five")
    with pytest.raises(SystemExit) as ended:
        PROGRAM.main()
    assert ended.value.code == 2
    assert "PORT: must be a valid integer" in capsys.readouterr().err


def test_what_the_guard_refuses_is_a_wrong_configuration_too(monkeypatch):
    def build(_settings):
        raise GuardConfigurationError("no issuer")

    monkeypatch.setattr(tiny_service, "build", build)
    with pytest.raises(ConfigurationError, match="no issuer"):
        PROGRAM.create_app()
