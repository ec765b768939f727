from pathlib import Path

import pytest

from gapura_chassis.settings import ConfigurationError, ServiceSettings

SECRET = "s" * 32
PRODUCTION = {"GAPURA_ENV": "production", "GAPURA_ISSUER": "https://login.example.com"}


def test_without_any_variable_everything_has_a_default():
    settings = ServiceSettings.from_environment({})
    assert (settings.in_production, settings.wants_demo, settings.jwt_secret_key) == (False, True, None)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"JWT_SECRET_KEY": ""}, "JWT_SECRET_KEY is set but empty"),
        ({"JWT_SECRET_KEY": "   "}, "JWT_SECRET_KEY is set but empty"),
        ({"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY: must be at least 32 bytes long"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is set but empty"),
        ({"GAPURA_HOME": ""}, "GAPURA_HOME is set but empty"),
        ({"PORT": "five"}, "PORT: must be a valid integer"),
        ({"PORT": "70000"}, "PORT: must be less than or equal to 65535"),
        ({"GAPURA_WORKERS": "0"}, "GAPURA_WORKERS: must be greater than or equal to 1"),
        ({"GAPURA_ENV": "prod"}, "GAPURA_ENV: must be 'development' or 'production'"),
        ({"GAPURA_ISSUER": "login.example.com"}, "GAPURA_ISSUER: must be an http(s) address"),
        ({"GAPURA_ISSUER": "https://a.example?x=1"}, "GAPURA_ISSUER: must be an http(s) address"),
        ({"GAPURA_ISSUER": "https://me:word@a.example"}, "GAPURA_ISSUER: must be an http(s) address"),
        ({"GAPURA_ISSUER": "https://a.example; script-src *"}, "GAPURA_ISSUER: must be an http(s) address"),
        ({"GAPURA_ISSUER": "https://a.example/"}, "GAPURA_ISSUER: must not end with a slash"),
        ({"GAPURA_ALLOWED_ORIGINS": "https://a.example/"}, "GAPURA_ALLOWED_ORIGINS: must list origins"),
        ({"GAPURA_TRUSTED_PROXIES": "10.0.0.0/8, proxy"}, "GAPURA_TRUSTED_PROXIES: "),
        ({"GAPURA_ENV": "production"}, "GAPURA_ISSUER must start with https://"),
        ({**PRODUCTION, "GAPURA_DEMO": "true"}, "GAPURA_DEMO must be off"),
        ({**PRODUCTION, "FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off"),
        ({"DATABASE_URL_FILE": "/nowhere"}, "DATABASE_URL_FILE names /nowhere, which cannot be read: No such file"),
        ({"PORT": "1", "PORT_FILE": "/x"}, "PORT and PORT_FILE are both set"),
    ],
)
def test_what_is_wrong_is_refused_by_name(environ, sentence):
    with pytest.raises(ConfigurationError) as refused:
        ServiceSettings.from_environment(environ)
    assert sentence in str(refused.value)


def test_every_wrong_value_has_a_line_and_no_secret_is_shown():
    with pytest.raises(ConfigurationError) as refused:
        ServiceSettings.from_environment({"PORT": "x", "JWT_SECRET_KEY": "hush-hush"})
    assert len(str(refused.value).splitlines()) == 3
    assert "hush-hush" not in str(refused.value)


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = ServiceSettings.from_environment({"JWT_SECRET_KEY_FILE": str(tmp_path / "secret")})
    assert settings.jwt_secret_key is not None
    assert settings.jwt_secret_key.get_secret_value() == SECRET
    assert SECRET not in repr(settings)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not text in UTF-8"):
        ServiceSettings.from_environment({"JWT_SECRET_KEY_FILE": str(tmp_path / "secret")})


def test_lists_are_split_at_commas_and_may_be_empty():
    settings = ServiceSettings.from_environment(
        {"GAPURA_TRUSTED_PROXIES": "10.0.0.0/8, ::1/128", "GAPURA_ALLOWED_ORIGINS": ""}
    )
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert settings.allowed_origins == ()


def test_production_starts_where_its_rules_are_kept_and_has_no_demo():
    settings = ServiceSettings.from_environment(PRODUCTION)
    assert settings.in_production
    assert not settings.wants_demo


def test_the_database_is_a_file_in_the_home_folder_unless_one_is_named(tmp_path: Path):
    assert ServiceSettings(home=tmp_path).database_address("users") == f"sqlite:///{tmp_path}/users.sqlite3"
    settings = ServiceSettings.from_environment({"DATABASE_URL": "postgresql://h/d"})
    assert settings.database_address("users") == "postgresql://h/d"
