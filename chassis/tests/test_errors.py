import psycopg
import pytest
from flask import Response, abort
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gapura_chassis import errors
from gapura_chassis.database import open_database


@pytest.fixture
def answer(app, client):
    """Return what a view that raises the given error answers."""

    def ask(error, method="GET"):
        app.add_url_rule("/raise", "raise", app.extensions["gapura"].public(lambda: _raise(error)))
        return client.open("/raise", method=method)

    return ask


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.MalformedRequest("x"), 400),
        (errors.NotAuthenticated("x"), 401),
        (errors.Forbidden("x"), 403),
        (errors.NotFound("x"), 404),
        (errors.Conflict("x"), 409),
        (errors.PreconditionFailed("x"), 412),
        (errors.UnsupportedMediaType("x"), 415),
        (errors.Invalid("x"), 422),
        (errors.PreconditionRequired("x"), 428),
        (errors.TooManyRequests("x", retry_after=0), 429),
        (errors.Unavailable("x", retry_after=3), 503),
    ],
)
def test_a_refusal_has_its_status_and_one_shape(answer, error, status):
    response = answer(error)
    assert (response.status_code, response.json) == (status, {"msg": "x"})
    assert response.headers["Cache-Control"] == "no-store"


def test_fields_that_are_to_blame_stand_beside_the_sentence(answer):
    response = answer(errors.Invalid("x", errors={"name": ["too long"]}))
    assert response.json == {"msg": "x", "errors": {"name": ["too long"]}}


def test_try_later_says_when(answer):
    assert answer(errors.TooManyRequests("x", retry_after=0)).headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 422, 429, 431, 500, 501, 503]
)
def test_every_error_of_werkzeug_answers_in_the_one_shape(app, client, status):
    app.add_url_rule("/abort", "abort", app.extensions["gapura"].public(lambda: abort(status)))
    response = client.get("/abort")
    assert response.status_code == status
    assert list(response.json) == ["msg"]


def test_a_finished_response_is_aborted_with_as_it_is(app, client):
    app.add_url_rule("/abort", "abort", app.extensions["gapura"].public(lambda: abort(Response("as it is", 418))))
    assert client.get("/abort").data == b"as it is"


def test_a_wrong_method_is_told_the_right_ones(client):
    response = client.delete("/fast")
    assert (response.status_code, sorted(response.allow)) == (405, ["GET", "HEAD", "OPTIONS"])
    assert response.json == {"msg": "This address does not take that method."}


def test_nothing_at_an_address_is_json_and_head_has_no_body(client):
    assert client.get("/nothing").json == {"msg": "There is nothing at this address."}
    assert (client.head("/nothing").status_code, client.head("/nothing").data) == (404, b"")
    assert client.options("/fast").status_code == 200
    assert client.options("/secret").status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT", {}, psycopg.OperationalError("connection refused")), 503),
        (OperationalError("SELECT", {}, psycopg.errors.QueryCanceled("statement timeout")), 503),
        (PoolTimeout("no connection came back"), 503),
        (IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation("twice")), 500),
        (DataError("INSERT", {}, psycopg.errors.NumericValueOutOfRange("too large")), 500),
        (ZeroDivisionError(), 500),
    ],
)
def test_only_a_database_that_is_away_is_try_again_later(answer, error, status):
    response = answer(error)
    assert (response.status_code, response.headers.get("Retry-After")) == (status, "1" if status == 503 else None)
    assert list(response.json) == ["msg"]


@pytest.mark.parametrize(
    ("statement", "status"),
    [("SELECT * FROM nowhere", 500), ("SELEKT", 500), ("PRAGMA query_only=OFF; ", 200)],
)
def test_a_statement_that_never_works_is_our_fault_and_not_the_databases(app, client, sqlite_url, statement, status):
    database = open_database(sqlite_url, service="tiny", connections=1)

    def view():
        with database.read() as connection:
            connection.execute(text(statement))
        return "done"

    app.add_url_rule("/query", "query", app.extensions["gapura"].public(view))
    assert client.get("/query").status_code == status
    database.close()


def test_a_locked_sqlite_database_is_try_again_later(app, client, sqlite_url, monkeypatch):
    monkeypatch.setattr("gapura_chassis.sqlite.BUSY_SECONDS", 0.05)
    first, second = (open_database(sqlite_url, service="tiny", connections=1) for _ in range(2))

    def view():
        with second.write():
            return "done"

    app.add_url_rule("/write", "write", app.extensions["gapura"].public(view))
    with first.write():
        response = client.get("/write")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    first.close()
    second.close()
