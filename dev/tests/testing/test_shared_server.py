import psycopg
import pytest

from dev.postgres.failures import NoPostgres
from dev.testing import shared_server as module
from dev.testing.shared_server import REASON, URL, server_for_workers, shared_server


def test_a_server_that_is_there_is_used_and_left_alone(postgres_server: str) -> None:
    with shared_server({URL: postgres_server}) as url:
        assert url == postgres_server
    psycopg.connect(postgres_server).close()


def test_workers_find_the_server_of_the_controller() -> None:
    environ: dict[str, str] = {}
    with server_for_workers(environ):
        with shared_server(environ) as url:
            assert url == environ[URL]
        psycopg.connect(url).close()
    assert environ == {}
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_variable_that_stood_there_before_stands_there_after() -> None:
    environ = {URL: "postgresql://elsewhere/postgres"}
    with server_for_workers(environ):
        assert environ == {URL: "postgresql://elsewhere/postgres"}
    assert environ == {URL: "postgresql://elsewhere/postgres"}


def test_workers_learn_why_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_server() -> None:
        raise NoPostgres("There is none")

    monkeypatch.setattr(module, "PostgresServer", no_server)
    environ: dict[str, str] = {}
    with server_for_workers(environ):
        assert environ == {REASON: "There is none"}
        with pytest.raises(NoPostgres, match="There is none"), shared_server(environ):
            pass
    assert environ == {}
