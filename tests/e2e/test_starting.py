"""Ways to start a service, and what is said where it cannot start."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from dev.launcher.service import Service
from dev.run import TREE
from tests.running.system import bare_environment, free_ports, running, services_in

pytestmark = pytest.mark.e2e

FOLDERS = ("auth_service", "user_service", "product_service")
START_SECONDS = 60


def run_to_the_end(folder, environment):
    """Start a service that is expected to refuse; returns its exit status and what it wrote."""
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=TREE / folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    return done.returncode, done.stdout


@pytest.fixture
def ports(home):
    """Return an environment in which all three services have free ports."""
    names = ("GAPURA_AUTH_PORT", "GAPURA_USERS_PORT", "GAPURA_PRODUCTS_PORT")
    return bare_environment(home, **{name: str(port) for name, port in zip(names, free_ports(3), strict=True)})


def uv(environment, *arguments):
    program = Path(sys.executable).with_name("uv")
    variables = {**os.environ, "VIRTUAL_ENV": str(environment)}
    subprocess.run(
        [program, *arguments, "--quiet"], cwd=TREE / "auth_service", env=variables, check=True, timeout=START_SECONDS
    )


def test_pip_install_and_python_app_py_start_a_service_in_a_new_environment(tmp_path, home, ports):
    environment = tmp_path / "venv"
    uv(environment, "venv", "--python", sys.executable, str(environment))
    # the versions of the lock, so that tomorrow's releases cannot break today's test
    uv(environment, "pip", "install", "--constraint", str(TREE / "locks" / "run.txt"), "-r", "requirements.txt")
    auth = replace(services_in(ports).auth, command=(str(environment / "bin" / "python"), "app.py"))
    with running(auth, ports, home / "auth.log") as service:
        service.wait_until_ready()
        answer = service.post("/login", {"username": "user1", "password": "pass123"})
        assert answer.status == 200
        assert service.stop() == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_requirements_name_the_service_and_what_it_stands_on(folder):
    lines = (TREE / folder / "requirements.txt").read_text().splitlines()
    assert lines == ["../guard[flask]", "../chassis", "-e ."]


def test_flask_starts_every_service_too(home, ports):
    with ExitStack() as stack:
        services = []
        for folder, port in zip(FOLDERS, free_ports(3), strict=True):
            command = (sys.executable, "-m", "flask", "--app", "app", "run", "--port", str(port))
            service = Service(folder, TREE / folder, port, command)
            services.append(stack.enter_context(running(service, ports, home / f"{folder}.log")))
        for service in services:
            assert service.wait_until_ready().get("/livez").status == 200


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_busy_port_is_named(folder, home):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        names = ("GAPURA_AUTH_PORT", "GAPURA_USERS_PORT", "GAPURA_PRODUCTS_PORT")
        environment = bare_environment(home, **dict.fromkeys(names, str(port)))
        status, written = run_to_the_end(folder, environment)
    assert status == 2
    assert written == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. Stop what uses the port, or choose another.\n"
    )


PRODUCTION = {"GAPURA_ENV": "production"}
HTTPS = {"GAPURA_ISSUER": "https://login.example.com"}


@pytest.mark.parametrize(
    ("folder", "settings", "sentence"),
    [
        ("auth_service", PRODUCTION, "GAPURA_ISSUER must start with https://"),
        ("user_service", PRODUCTION, "GAPURA_ISSUER must start with https://"),
        ("product_service", PRODUCTION, "GAPURA_ISSUER must start with https://"),
        ("auth_service", PRODUCTION | HTTPS, "GAPURA_MASTER_KEY is missing, and GAPURA_ENV is production"),
        ("auth_service", PRODUCTION | HTTPS | {"GAPURA_DEMO": "true"}, "GAPURA_DEMO must be off"),
        ("product_service", PRODUCTION | HTTPS | {"FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off"),
        ("user_service", {"JWT_SECRET_KEY": ""}, "JWT_SECRET_KEY is set but empty"),
        ("auth_service", {"JWT_SECRET_KEY": "secret"}, "JWT_SECRET_KEY: must be at least 32 bytes long"),
    ],
)
def test_what_must_not_start_says_so_in_a_sentence(folder, settings, sentence, ports):
    status, written = run_to_the_end(folder, ports | settings)
    assert status == 2
    assert sentence in written
    assert "Traceback" not in written


def test_production_refuses_a_database_with_demo_accounts(system):
    key = {"GAPURA_MASTER_KEY_FILE": str(system.auth.log.parent / "master.key")}
    other_port = {"GAPURA_AUTH_PORT": str(free_ports(1)[0])}
    status, written = run_to_the_end("auth_service", {**system.environment, **PRODUCTION, **HTTPS, **key, **other_port})
    assert status == 2
    assert "This database holds the demo accounts, whose passwords are published" in written
