"""What the auth service refuses to start with."""

import pytest
from pydantic import ValidationError

from gapura_auth.credentials import Argon2Parameters, MasterKey, PasswordHasher
from gapura_auth.demo import DEMO_ACCOUNTS
from gapura_auth.factory import build, database_of, prepare
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError, ServiceSettings

PRODUCTION = {
    "GAPURA_ENV": "production",
    "GAPURA_ISSUER": "https://login.example.com",
    "GAPURA_MASTER_KEY": MasterKey(bytes(32)).text(),
}


def test_production_starts_with_what_it_needs():
    assert AuthSettings.from_environment(PRODUCTION).in_production


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"GAPURA_MASTER_KEY": None}, "GAPURA_MASTER_KEY is missing"),
        ({"GAPURA_ISSUER": "http://login.example.com"}, "GAPURA_ISSUER must start with https://"),
        ({"GAPURA_ISSUER": None}, "GAPURA_ISSUER must start with https://"),
        ({"GAPURA_DEMO": "true"}, "GAPURA_DEMO must be off"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off"),
        ({"GAPURA_AUTH_THREADS": "16", "GAPURA_HASHING_QUEUE": "16"}, "GAPURA_AUTH_THREADS must be larger"),
        ({"GAPURA_ACCESS_TOKEN_SECONDS": "5"}, "GAPURA_ACCESS_TOKEN_SECONDS"),
        ({"GAPURA_KEY_ROTATION_SECONDS": "a month"}, "GAPURA_KEY_ROTATION_SECONDS"),
        ({"GAPURA_MINIMUM_PASSWORD_LENGTH": "4"}, "GAPURA_MINIMUM_PASSWORD_LENGTH"),
        ({"GAPURA_ENV": "staging"}, "GAPURA_ENV"),
    ],
)
def test_what_production_must_not_start_with_is_refused_by_name(changes, sentence):
    environ = {name: value for name, value in {**PRODUCTION, **changes}.items() if value is not None}
    with pytest.raises(ConfigurationError, match=sentence) as refusal:
        AuthSettings.from_environment(environ)
    assert PRODUCTION["GAPURA_MASTER_KEY"] not in str(refusal.value)


def test_a_shared_secret_needs_no_master_key():
    environ = {**PRODUCTION, "JWT_SECRET_KEY": "x" * 40}
    del environ["GAPURA_MASTER_KEY"]
    assert AuthSettings.from_environment(environ).master_key is None


def test_no_secret_shows_when_settings_are_printed():
    settings = AuthSettings.from_environment({**PRODUCTION, "JWT_SECRET_KEY": "y" * 40})
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "y" * 40 not in text
        assert PRODUCTION["GAPURA_MASTER_KEY"] not in text


@pytest.fixture
def cheap_hashing(monkeypatch):
    monkeypatch.setattr("gapura_auth.factory.PasswordHasher", lambda *_: PasswordHasher(Argon2Parameters(8, 1, 1)))


@pytest.mark.usefixtures("cheap_hashing")
def test_production_refuses_a_database_with_demo_accounts_until_they_are_disabled(new_database_url, tmp_path):
    master_key = PRODUCTION["GAPURA_MASTER_KEY"]
    prepare(AuthSettings(database_url=new_database_url, home=tmp_path, master_key=master_key))
    settings = AuthSettings(**PRODUCTION, database_url=new_database_url, home=tmp_path)
    with pytest.raises(ConfigurationError, match=r"demo accounts.*gapura-auth users disable user1"):
        prepare(settings)
    database = database_of(settings)
    from gapura_auth.accounts.administration import Administration  # noqa: PLC0415 -- beside its only use

    for demo in DEMO_ACCOUNTS:
        Administration(database, lambda: 1.0, "test").disable(demo.username)
    database.close()
    prepare(settings)


@pytest.mark.usefixtures("cheap_hashing")
def test_a_development_database_holds_the_accounts_of_the_guide_and_can_be_prepared_again(sqlite_url, tmp_path):
    settings = AuthSettings(database_url=sqlite_url, home=tmp_path)
    prepare(settings)
    prepare(settings)
    app = build(settings, argon2=Argon2Parameters(8, 1, 1), chores=False)
    answers = [
        app.test_client().post("/login", json={"username": demo.username, "password": demo.password})
        for demo in DEMO_ACCOUNTS
    ]
    app.extensions["database"].close()
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_a_new_production_database_holds_roles_and_keys_and_nobody(sqlite_url, tmp_path):
    settings = AuthSettings(**PRODUCTION, database_url=sqlite_url, home=tmp_path)
    prepare(settings)
    from sqlalchemy import text  # noqa: PLC0415 -- beside its only use

    database = database_of(settings)
    with database.read() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608 -- our own names
            for table in ("accounts", "roles", "signing_keys")
        ]
    database.close()
    assert counts == [0, 2, 2]


def test_without_migration_nothing_is_made(sqlite_url, tmp_path):
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415 -- beside its only use

    with pytest.raises(OperationalError):
        prepare(AuthSettings(database_url=sqlite_url, home=tmp_path, migrate=False))


def test_the_service_is_built_from_its_own_settings_only():
    with pytest.raises(TypeError):
        prepare(ServiceSettings())


@pytest.mark.parametrize(("environ", "allowed"), [({}, True), (PRODUCTION, False)], ids=["development", "production"])
def test_the_documentation_pages_of_our_own_services_may_log_in_during_development(
    open_service, sqlite_url, environ, allowed
):
    service = open_service(sqlite_url, **environ)
    answer = service.call("OPTIONS", "/login", headers={"Origin": "http://127.0.0.1:5001"})
    assert ("Access-Control-Allow-Origin" in answer.headers) == allowed


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"signing_algorithms": "ES256"}, "ES256 and RS256"),
        ({"signing_algorithms": "ES256,RS256,HS256"}, "may contain others"),
        ({"signing_algorithms": "ES256,RS256,none"}, "may contain others"),
        ({"resources": "gapura"}, "absolute addresses"),
        ({"resources": "https://a.example,https://b.example#x"}, "https://b.example#x"),
    ],
)
def test_algorithms_and_resources_are_checked_at_the_start(values, said):
    with pytest.raises(ValidationError, match=said):
        AuthSettings(**values)


def test_algorithms_and_resources_are_lists():
    settings = AuthSettings(signing_algorithms="ES256, RS256, EdDSA", resources="https://a.example, urn:b")
    assert settings.signing_algorithms == ("ES256", "RS256", "EdDSA")
    assert settings.resources == ("https://a.example", "urn:b")
