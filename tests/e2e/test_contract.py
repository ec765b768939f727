"""The exchanges that must never break, word for word, on SQLite, on PostgreSQL, and with a shared secret."""

import base64
import json
import uuid

import pytest

pytestmark = pytest.mark.e2e


@pytest.fixture(params=["system", "postgres_system", "shared_secret_system"], scope="module")
def any_system(request):
    return request.getfixturevalue(request.param)


def test_a_login_answers_an_access_token(any_system):
    answer = any_system.auth.post("/login", {"username": "user1", "password": "pass123"})
    assert answer.status == 200
    assert answer.json["access_token"].count(".") == 2
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 600
    assert answer.json["refresh_token"]


def test_the_user_service_greets_by_name(any_system):
    answer = any_system.users.get("/users", token=any_system.token())
    assert answer.status == 200
    assert answer.json["msg"] == "Selamat datang, user1!"
    assert answer.json["data"] == "Ini adalah data terlindungi dari User Service."


def test_the_product_service_lists_products(any_system):
    answer = any_system.products.get("/products", token=any_system.token())
    assert answer.status == 200
    assert answer.json["msg"] == "Daftar produk berhasil diambil oleh user: user1"
    assert answer.json["products"][0].items() >= {"id": 1, "name": "Laptop XYZ", "price": 15000000}.items()


def test_without_a_token_both_services_say_so_and_nothing_else(any_system):
    for answer in (any_system.users.get("/users"), any_system.products.get("/products")):
        assert answer.status == 401
        assert answer.json == {"msg": "Missing Authorization Header"}
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_account_that_was_just_registered_can_log_in(any_system):
    account = {"username": f"ani-{uuid.uuid4().hex[:8]}", "password": "kopi tubruk di pagi hari"}
    assert any_system.auth.post("/register", account).status == 201
    token = any_system.auth.post("/login", account).json["access_token"]
    assert any_system.users.get("/users", token=token).json["msg"] == f"Selamat datang, {account['username']}!"
    greeting = any_system.products.get("/products", token=token).json["msg"]
    assert greeting == f"Daftar produk berhasil diambil oleh user: {account['username']}"


def test_success_is_told_in_english_where_it_is_asked_for(any_system):
    answer = any_system.users.get("/users", token=any_system.token(), headers={"Accept-Language": "en"})
    assert answer.json["msg"] == "Welcome, user1!"


def test_the_algorithm_is_that_of_the_mode(any_system, shared_secret_system):
    header, *_ = any_system.token().split(".")
    algorithm = json.loads(base64.urlsafe_b64decode(header + "=="))["alg"]
    assert algorithm == ("HS256" if any_system is shared_secret_system else "ES256")


def test_three_services_share_one_database_without_seeing_each_other(postgres_system):
    assert postgres_system.auth.get("/readyz").json["checks"]["database"] == "ok"
    databases = [path.name for path in postgres_system.auth.log.parent.glob("*.sqlite3")]
    assert databases == []
