"""What the database is asked to do, so that a directory of a million is as quick as one of ten."""

from contextlib import closing, contextmanager

import pytest
from sqlalchemy import event

from gapura_chassis.database import open_database
from gapura_chassis.migrations import migrate
from gapura_users.factory import MIGRATIONS
from gapura_users.store.listing import Search
from gapura_users.store.profiles import ProfileStore


@pytest.fixture
def database(sqlite_url):
    with closing(open_database(sqlite_url, service="users", connections=2)) as database:
        migrate(database, MIGRATIONS)
        yield database


@contextmanager
def statements_of(database):
    seen = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def plan_of(database, statement, parameters):
    with database.read() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [row.detail for row in rows]


@pytest.mark.parametrize("prefix", ["", "budi"])
@pytest.mark.parametrize("sort", [None, "username", "-username", "name", "-name", "created_at", "-created_at"])
def test_no_listing_reads_the_whole_table(database, make_profile, prefix, sort):
    store = ProfileStore(database)
    for turn in range(3):
        store.add_if_absent(make_profile(f"s-{turn}", "budi", name="Budi"))
    cursor = store.page(Search(prefix, sort, 1)).next
    with statements_of(database) as seen:
        store.page(Search(prefix, sort, 1, cursor))
    for statement, parameters in [one for one in seen if one[0].lstrip().startswith(("SELECT", "WITH"))]:
        plan = plan_of(database, statement, parameters)
        assert "USING" in " ".join(plan)
        assert "SCAN profiles" not in plan


def test_somebody_who_is_known_costs_one_look_by_id_and_no_write(app, issuer):
    client, headers = app.test_client(), issuer.headers()
    client.get("/users/me", headers=headers)
    with statements_of(app.extensions["database"]) as seen:
        client.get("/users/me", headers=headers)
    assert [statement.split()[0] for statement, _ in seen] == ["BEGIN", "SELECT"]
