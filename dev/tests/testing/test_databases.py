"""The fixtures of the root conftest.py."""

import sqlite3

import psycopg


def test_the_database_of_a_test_is_empty_and_its_own_on_both(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("CREATE TABLE things (id integer)")
        assert connection.execute("SELECT count(*) FROM things").fetchone() == (0,)


def test_the_next_test_finds_nothing_of_the_one_before(database_url: str) -> None:
    test_the_database_of_a_test_is_empty_and_its_own_on_both(database_url)


def connect(url: str) -> "psycopg.Connection | sqlite3.Connection":
    if url.startswith("sqlite:///"):
        return sqlite3.connect(url.removeprefix("sqlite:///"))
    return psycopg.connect(url)
