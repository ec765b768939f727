import sqlite3 as driver
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import column, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gapura_chassis import sqlite
from gapura_chassis.database import Database, open_database
from gapura_chassis.settings import ConfigurationError

COUNTER = table("counter", column("n"))
THREADS, PROCESSES, TIMES = 4, 3, 20


@pytest.fixture
def database(database_url: str):
    database = open_with_table(database_url)
    yield database
    database.close()


def open_with_table(url: str) -> Database:
    database = open_database(url, service="tiny", connections=THREADS)
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("CREATE SCHEMA tiny"))
        connection.execute(text("CREATE TABLE counter (n integer)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(text("SELECT n FROM counter")).scalar_one()


def increment(database: Database) -> None:
    with database.write() as connection:
        n = connection.execute(select(COUNTER.c.n).with_for_update()).scalar_one()
        connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})


def crash_after_writing(connection) -> None:
    connection.execute(text("UPDATE counter SET n = 7"))
    raise ZeroDivisionError


def increment_often(url: str) -> None:
    database = open_database(url, service="tiny", connections=THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(lambda _: [increment(database) for _ in range(TIMES)], range(THREADS)):
            pass
    database.close()


def test_no_update_of_many_threads_in_many_processes_is_lost(database, database_url):
    processes = [get_context("spawn").Process(target=increment_often, args=(database_url,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert count(database) == PROCESSES * THREADS * TIMES


def test_a_write_that_raises_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        crash_after_writing(connection)
    assert count(database) == 0


def test_a_connection_for_reading_refuses_to_write(database):
    with pytest.raises(DBAPIError), database.read() as connection:
        connection.execute(text("UPDATE counter SET n = 7"))
    assert count(database) == 0
    increment(database)
    assert count(database) == 1


def test_a_reader_holds_no_snapshot_once_its_connection_is_returned(database):
    assert count(database) == 0
    increment(database)
    assert count(database) == 1


def test_a_migration_writes_like_a_writer(database):
    with database.migrate() as connection:
        connection.execute(text("UPDATE counter SET n = 7"))
    assert count(database) == 7


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "mysql://h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?uri=true",
        "postgresql://h:x/d",
    ],
)
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(ConfigurationError, match="DATABASE_URL must look like"):
        open_database(address, service="tiny", connections=1)


def test_a_service_whose_name_cannot_name_a_schema_is_a_mistake():
    with pytest.raises(ValueError, match="cannot name a service"):
        open_database("sqlite:////tmp/x", service='a"b', connections=1)


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence():
    with pytest.raises(ConfigurationError, match=r"/x\.sqlite3 cannot be opened: No such file"):
        open_database("sqlite:////proc/nowhere/x.sqlite3", service="tiny", connections=1)


def test_an_sqlite_file_is_readable_for_its_owner_only(tmp_path: Path):
    open_database(f"sqlite:///{tmp_path}/new/x.sqlite3", service="tiny", connections=1).close()
    assert stat.S_IMODE((tmp_path / "new" / "x.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_writer_whose_turn_does_not_come_is_told_so():
    turns = sqlite.Turns(seconds=0.01)
    with turns(), pytest.raises(PoolTimeout, match="no turn to write"), turns():
        pass


def test_an_sqlite_file_that_another_process_holds_is_waited_for(sqlite_url, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    first, second = open_with_table(sqlite_url), open_database(sqlite_url, service="tiny", connections=1)
    with first.write(), pytest.raises(OperationalError, match="database is locked"), second.write():
        pass
    increment(second)
    assert count(first) == 1
    first.close()
    second.close()


def test_processes_that_open_a_new_sqlite_file_at_once_wait_for_one_another(sqlite_url):
    barrier = threading.Barrier(8)

    def open_one(_number: int) -> str:
        barrier.wait()
        database = open_database(sqlite_url, service="tiny", connections=1)
        database.ping()
        database.close()
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_one, range(8))) == ["ok"] * 8


def test_a_lock_on_a_new_file_that_never_goes_is_an_error(sqlite_url, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    path = sqlite_url.removeprefix("sqlite:///")
    holder = driver.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE t (n)")
    holder.execute("BEGIN EXCLUSIVE")
    database = open_database(sqlite_url, service="tiny", connections=1)
    with pytest.raises(OperationalError, match="locked"):
        database.ping()
    holder.close()
    database.close()


class TestPostgresql:
    @pytest.fixture
    def database(self, postgres_url):
        database = open_database(postgres_url, service="tiny", connections=2)
        yield database
        database.close()

    def test_tables_live_in_the_schema_of_the_service(self, database, postgres_url):
        open_with_table(postgres_url).close()
        with database.read() as connection:
            schema = connection.execute(text("SELECT schemaname FROM pg_tables WHERE tablename = 'counter'")).scalar()
        assert schema == "tiny"

    def test_options_of_the_operator_are_kept(self, postgres_url):
        database = open_database(f"{postgres_url}&options=-c%20work_mem%3D5MB", service="tiny", connections=1)
        with database.read() as connection:
            settings = [connection.execute(text(f"SHOW {name}")).scalar() for name in ("work_mem", "search_path")]
        assert settings == ["5MB", "tiny"]
        database.close()

    def test_a_slow_statement_is_cancelled_and_a_migration_is_not(self, postgres_url, monkeypatch):
        monkeypatch.setattr("gapura_chassis.postgresql.STATEMENT_MILLISECONDS", 50)
        hasty = open_database(postgres_url, service="tiny", connections=1)
        with pytest.raises(OperationalError, match="statement timeout"), hasty.read() as connection:
            connection.execute(text("SELECT pg_sleep(5)"))
        with hasty.migrate() as connection:
            connection.execute(text("SELECT pg_sleep(0.1)"))
        hasty.close()

    def test_a_server_that_says_nothing_is_given_up_on_and_used_again_later(self, database, monkeypatch):
        monkeypatch.setattr("gapura_chassis.postgresql.ImpatientConnection.answer_seconds", 0.2)
        database.ping()
        backend = psutil.Process(backend_of(database))
        backend.suspend()
        began = time.monotonic()
        with pytest.raises(OperationalError, match="did not answer within"):
            database.ping()
        assert time.monotonic() - began < 1.5
        backend.resume()
        database.ping()

    def test_after_a_restart_of_the_server_an_idle_connection_is_replaced(self, database, postgres_url, monkeypatch):
        monkeypatch.setattr("gapura_chassis.postgresql.IDLE_SECONDS", 0.0)
        first = backend_of(database)
        end_connections(postgres_url, first)
        database.ping()
        assert backend_of(database) != first

    def test_a_busy_connection_that_broke_costs_one_request(self, database, postgres_url):
        end_connections(postgres_url, backend_of(database))
        with pytest.raises(OperationalError):
            database.ping()
        database.ping()


def backend_of(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


def end_connections(url: str, backend: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 2000)", [backend])
