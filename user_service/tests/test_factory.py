import pytest

from gapura_chassis.migrations import Migrations
from gapura_users import create_app, program
from gapura_users.factory import MIGRATIONS, build, prepare
from gapura_users.settings import UserSettings


def test_the_operations_are_there(app):
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").json["status"] == "ready"
    assert client.get("/docs").status_code == 200
    assert b"gapura_http_requests_total" in client.get("/metrics").data


def test_the_document_names_every_operation(app):
    document = app.test_client().get("/openapi.json").json
    operations = {(method, path) for path, item in document["paths"].items() for method in item}
    assert operations == {
        ("get", "/users"),
        ("get", "/users/me"),
        ("patch", "/users/me"),
        ("get", "/users/{id}"),
        ("patch", "/users/{id}"),
        ("delete", "/users/{id}"),
    }


def test_the_database_is_left_alone_where_a_job_migrates(tmp_path):
    prepare(UserSettings(home=tmp_path, migrate=False))
    assert list(tmp_path.iterdir()) == []


def test_without_a_guard_of_its_own_it_uses_the_one_from_the_settings(tmp_path):
    settings = UserSettings(home=tmp_path, jwt_secret_key="s" * 32)
    prepare(settings)
    app = build(settings)
    assert app.test_client().get("/users").json == {"msg": "Missing Authorization Header"}
    app.extensions["database"].close()


def test_flask_finds_the_application(tmp_path, monkeypatch):
    monkeypatch.setenv("GAPURA_HOME", str(tmp_path))
    monkeypatch.setenv("JWT_SECRET_KEY", "s" * 32)
    app = create_app()
    assert app.test_client().get("/livez").status_code == 200
    app.extensions["database"].close()


def test_the_program_is_this_service():
    assert (program.name, program.settings) == ("users", UserSettings)
    assert isinstance(MIGRATIONS, Migrations)
    assert MIGRATIONS.newest() == "0001"


@pytest.mark.parametrize("name", ["GAPURA_USERS_PORT"])
def test_the_port_has_a_variable_of_its_own(name):
    assert UserSettings.from_environment({}).port == 5001
    assert UserSettings.from_environment({name: "5901"}).port == 5901
