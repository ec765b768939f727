from contextlib import closing

from sqlalchemy import inspect

import gapura_products
from gapura_products import factory
from gapura_products.settings import ProductSettings


def product_count(app) -> int:
    with app.extensions["database"].read() as connection:
        return len(connection.exec_driver_sql("SELECT id FROM products").all())


def test_a_new_database_is_filled_with_the_demo_shop_once(open_app, database_url):
    assert product_count(open_app(database_url)) == product_count(open_app(database_url)) >= 180


def test_production_and_whoever_says_so_begin_with_an_empty_shop(open_app, tmp_path):
    assert product_count(open_app(f"sqlite:///{tmp_path}/a.sqlite3", demo=False)) == 0
    production = {"environment": "production", "issuer": "https://login.example.com"}
    assert product_count(open_app(f"sqlite:///{tmp_path}/b.sqlite3", **production)) == 0


def test_migrations_can_be_left_to_somebody_else(sqlite_url, clock, issuer):
    settings = ProductSettings(database_url=sqlite_url, migrate=False)
    factory.prepare(settings)
    with closing(factory.build(settings, clock=clock, guard=issuer.guard()).extensions["database"]) as database:
        assert not inspect(database.engine).has_table("products")


def test_the_flask_command_line_finds_the_application(monkeypatch, sqlite_url, tmp_path):
    monkeypatch.setattr("gapura_chassis.program.configure_logging", lambda *_: None)
    for name, value in {"DATABASE_URL": sqlite_url, "GAPURA_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    app = gapura_products.create_app()
    with closing(app.extensions["database"]):
        assert app.test_client().get("/readyz").status_code == 200
        assert app.test_client().get("/products").json == {"msg": "Missing Authorization Header"}


def test_the_service_describes_itself(app):
    document = app.test_client().get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {"/products", "/products/{product_id}"}
    assert document["paths"]["/products"]["post"]["security"] == [{"bearer": ["products:write"]}]


def test_the_service_can_be_watched(app, reader):
    reader("GET", "/products")
    client = app.test_client()
    assert [client.get(path).status_code for path in ("/livez", "/readyz", "/docs")] == [200] * 3
    assert 'gapura_http_requests_total{method="GET",route="/products",status="200"} 1.0' in client.get("/metrics").text
