import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev.launcher.banner import banner
from dev.run import TREE, UnusablePort, child_environment, read_system


def test_without_configuration_the_ports_are_those_of_the_guide() -> None:
    system = read_system({})
    assert [(service.folder.name, service.port) for service in system] == [
        ("auth_service", 5000),
        ("user_service", 5001),
        ("product_service", 5002),
    ]
    assert all(service.command == (sys.executable, "app.py") for service in system)


def test_ports_can_be_chosen() -> None:
    system = read_system({"GAPURA_AUTH_PORT": "6000", "GAPURA_PRODUCTS_PORT": "6002"})
    assert [service.port for service in system] == [6000, 5001, 6002]


@pytest.mark.parametrize("value", ["0", "65536", "-1", "five thousand", "5000x"])
def test_a_port_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(UnusablePort, match="GAPURA_USERS_PORT must be a port number between 1 and 65535"):
        read_system({"GAPURA_USERS_PORT": value})


def test_databases_lie_under_the_tree_whatever_folder_a_service_runs_in() -> None:
    environment = child_environment({"PATH": "/bin"}, read_system({}))
    assert environment["GAPURA_HOME"] == str(TREE / "var")
    assert environment["PATH"] == "/bin"
    assert "GAPURA_ISSUER" not in environment


def test_a_home_of_ones_own_is_kept_and_made_absolute() -> None:
    environment = child_environment({"GAPURA_HOME": "elsewhere"}, read_system({}))
    assert environment["GAPURA_HOME"] == str(Path("elsewhere").absolute())


def test_the_issuer_follows_the_port_of_auth() -> None:
    environ = {"GAPURA_AUTH_PORT": "6000"}
    assert child_environment(environ, read_system(environ))["GAPURA_ISSUER"] == "http://127.0.0.1:6000"


def test_an_issuer_of_ones_own_is_kept() -> None:
    environ = {"GAPURA_AUTH_PORT": "6000", "GAPURA_ISSUER": "https://login.example.com"}
    assert child_environment(environ, read_system(environ))["GAPURA_ISSUER"] == "https://login.example.com"


def test_the_banner_shows_the_demo_logins_and_the_time() -> None:
    text = banner(read_system({}), 1.94)
    assert "Gapura is ready (1.9 s)." in text
    assert "user1 / pass123, admin / admin123" in text


def test_an_unusable_port_ends_the_launcher_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dev.run"],
        cwd=TREE,
        env={**os.environ, "GAPURA_AUTH_PORT": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == "GAPURA_AUTH_PORT must be a port number between 1 and 65535, not 'none'.\n"
