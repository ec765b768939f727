"""How accounts come to be."""

import pytest

from gapura_auth.accounts import passwords as passwords_module


def test_fifty_parallel_registrations_of_one_name_make_one_account(service_on_both, at_once):
    service = service_on_both
    answers = at_once(50, lambda number: service.register("ani", f"kata sandi nomor {number} yang panjang"))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert len(service.rows("SELECT 1 FROM accounts")) == 1
    assert len(service.rows("SELECT 1 FROM account_roles")) == 1
    assert len(service.rows("SELECT 1 FROM audit_events WHERE action = 'account.registered'")) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ani", "ani"),
        ("ani", "ANI"),
        ("ani", " ani "),
        ("paypal", "paypaI"),  # a capital i for a small l
        ("user10", "userl0"),  # a small l for a one
        ("modern", "rnodern"),
        ("andi", "\u0430nd\u0456"),  # refused as a mixture already
        ("jos\u00e9", "jose\u0301"),
        ("\uff41\uff4e\uff49", "ani"),  # full-width letters
    ],
)
def test_a_name_that_looks_like_one_that_is_there_is_refused(service_on_both, first, second):
    service = service_on_both
    assert service.register(first).status_code == 201
    answer = service.register(second)
    assert answer.status_code in {409, 422}
    assert list(answer.json["errors"]) == ["username"]
    assert len(service.rows("SELECT 1 FROM accounts")) == 1


def test_a_taken_name_says_so_and_names_the_field(service):
    service.register()
    answer = service.register()
    sentence = "This username is taken, or looks too much like one that is."
    assert answer.status_code == 409
    assert answer.json == {"msg": sentence, "errors": {"username": [sentence]}}


@pytest.mark.parametrize(
    "username", ["", "a", "ab", "x" * 65, "a b", "ani@example.com", "-ani", "ani.", "admin\u200b", "root", "<script>"]
)
def test_a_name_that_breaks_a_rule_is_refused_with_the_rule(service, username):
    answer = service.register(username)
    assert answer.status_code == 422
    assert answer.json["msg"] == "Some values are not acceptable; see errors."
    assert list(answer.json["errors"]) == ["username"]


@pytest.mark.parametrize("letter", ["x", "m", "\u00e9", "\u0ba8", "\uaf66"])
def test_the_longest_names_fit_into_both_databases(service_on_both, letter):
    assert service_on_both.register(letter * 60).status_code == 201


@pytest.mark.parametrize(
    "email", ["ani", "ani@", "@example.com", "a@b@c", "ani@exa mple.com", "x" * 300 + "@example.com"]
)
def test_an_email_that_is_none_is_refused(service, email):
    answer = service.register(email=email)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["email"])


@pytest.mark.parametrize("email", [None, "", "ani@example.com", "ani@localhost", "ani@toko.test"])
def test_an_email_is_optional_and_may_be_one_for_tests_in_development(service, email):
    assert service.register(email=email).status_code == 201


def test_the_answer_does_not_tell_whether_somebody_else_uses_an_email(service_on_both):
    service = service_on_both
    first = service.register("ani", email="ani@example.com")
    second = service.register("budi", email="ANI@example.com")
    assert (first.status_code, second.status_code) == (201, 201)
    assert set(first.json) == set(second.json)
    assert first.json["msg"].replace("ani", "budi") == second.json["msg"]


def test_an_email_that_nobody_proved_is_no_way_to_log_in(service):
    service.register("ani", email="ani@example.com")
    assert service.login("ani@example.com").status_code == 401


def test_a_proved_email_is_a_way_to_log_in_and_belongs_to_one(service_on_both):
    from sqlalchemy import text  # noqa: PLC0415 -- beside its only use

    service = service_on_both
    service.register("ani", email="ani@example.com")
    service.register("budi", email="ani@example.com")
    with service.database.write() as connection:
        connection.execute(text("UPDATE accounts SET email_verified_at = 1 WHERE username = 'ani'"))
    token = service.login("Ani@Example.com").json["access_token"]
    assert service.get("/me", token).json["username"] == "ani"
    assert service.get("/me", token).json["email_verified"]


@pytest.mark.parametrize(
    "password", ["", "short", "password", "Passw0rd1", "12345678", "aaaaaaaa", "qwertyuiop", "ani12345", "x" * 1025]
)
def test_a_password_that_is_easily_guessed_is_refused_with_a_reason(service, password):
    answer = service.register(password=password)
    assert answer.status_code == 422
    assert answer.json["errors"]["password"]


def test_every_field_that_breaks_a_rule_is_named_at_once(service):
    answer = service.register("a", "b", email="c")
    assert set(answer.json["errors"]) == {"username", "email", "password"}


@pytest.mark.parametrize(("length", "status"), [(1025, 422), (4097, 422), (1_000_000, 413)])
def test_an_enormous_password_is_refused_before_anything_is_hashed(service, monkeypatch, length, status):
    def never(*_):
        pytest.fail("it was hashed")

    monkeypatch.setattr(passwords_module.PasswordHasher, "hash", never)
    assert service.register(password="x" * length).status_code == status


def test_a_new_account_is_a_member_and_is_written_down(service):
    account = service.register(address="203.0.113.5").json["id"]
    assert [tuple(row) for row in service.rows("SELECT account_id, role FROM account_roles")] == [(account, "member")]
    event = service.rows("SELECT action, actor, target, address FROM audit_events WHERE target = :id", id=account)
    assert [tuple(row) for row in event] == [("account.registered", "(self)", account, "203.0.113.5")]
