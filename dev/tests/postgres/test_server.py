import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.postgres.account import Account, reachable, server_account
from dev.postgres.binaries import find_binaries
from dev.postgres.databases import fresh_database
from dev.postgres.failures import NoPostgres
from dev.postgres.server import PostgresServer

TREE = Path(__file__).resolve().parents[3]

KILLED = """
from dev.postgres.server import PostgresServer
print(PostgresServer().url, flush=True)
input()
"""


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """Lend a folder that only its owner may enter, as /root is."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    shutil.rmtree(folder)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_server_lives_from_start_to_stop_and_leaves_nothing() -> None:
    server = PostgresServer()
    folder = Path(server.url.partition("host=")[2])
    assert answers(server.url)
    server.stop()
    assert not answers(server.url)
    assert not folder.exists()


def test_a_server_ends_with_a_process_that_was_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED], cwd=TREE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdout
        url = process.stdout.readline().decode().strip()
        assert answers(url)
        process.kill()
    folder = Path(url.partition("host=")[2])
    deadline = time.monotonic() + 20
    while (folder / "data" / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not answers(url)
    shutil.rmtree(folder)  # nobody was left to do it


def make_binaries(folder: Path, *, initdb: str, postgres: str) -> Path:
    binaries = folder / "installation" / "bin"
    binaries.mkdir(parents=True)
    for name, script in (("initdb", initdb), ("postgres", postgres)):
        (binaries / name).write_text(f"#!/bin/sh\n{script}\n")
        (binaries / name).chmod(0o755)
    return binaries


def test_a_server_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    binaries = make_binaries(tmp_path, initdb="echo 'the disk is made of cheese' >&2; exit 1", postgres="")
    with pytest.raises(NoPostgres, match="initdb failed: the disk is made of cheese"):
        PostgresServer(binaries)


def test_a_server_that_ends_at_once_says_what_it_wrote(tmp_path: Path) -> None:
    binaries = make_binaries(tmp_path, initdb="", postgres="echo 'no room on the moon' >&2")
    with pytest.raises(NoPostgres, match="did not start: no room on the moon"):
        PostgresServer(binaries)


def test_the_server_does_not_run_as_root() -> None:
    account = server_account()
    assert (account.user is None) == (os.geteuid() != 0)


def test_programs_that_the_server_can_reach_are_used_where_they_are(tmp_path: Path) -> None:
    binaries = find_binaries()
    assert reachable(binaries, Account(), tmp_path) == binaries


def test_programs_that_are_closed_to_the_server_are_copied(tmp_path: Path) -> None:
    binaries = make_binaries(tmp_path, initdb="", postgres="exit 0")
    (binaries / "postgres").chmod(0o644)  # closed to root as well: not to be run by anybody
    copy = reachable(binaries, Account(), tmp_path / "copy")
    assert copy.is_relative_to(tmp_path / "copy")
    assert (copy / "postgres").exists()


def test_a_server_starts_from_an_installation_that_only_its_owner_may_enter(closed_folder: Path) -> None:
    installed = find_binaries().parent
    for part in (installed, installed.parent.with_name(f"{installed.parent.name}.libs")):
        shutil.copytree(part, closed_folder / part.relative_to(installed.parents[1]), symlinks=True)
    server = PostgresServer(closed_folder / installed.relative_to(installed.parents[1]) / "bin")
    assert answers(server.url)
    server.stop()


def test_each_database_is_fresh_and_dropped_even_while_in_use(postgres_server: str) -> None:
    with fresh_database(postgres_server) as first, psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE things (id int)")
        connection.commit()
        with fresh_database(postgres_server) as second, psycopg.connect(second) as other:
            assert other.execute("SELECT to_regclass('things')").fetchone() == (None,)
        assert not answers(second)
    assert not answers(first)
