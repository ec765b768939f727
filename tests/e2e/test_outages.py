"""The auth service goes away, and the services behind the gate go on."""

import time

import pytest

from gapura.testing import PretendIssuer
from tests.running.system import bare_environment, free_ports, running, services_in

pytestmark = pytest.mark.e2e

#: Time, in seconds, in which a service notices that the auth service is there again.
RECOVERY_SECONDS = 15


def test_services_work_and_even_start_while_the_auth_service_is_away(home):
    auth_port, users_port = free_ports(2)
    environment = bare_environment(
        home,
        GAPURA_AUTH_PORT=str(auth_port),
        GAPURA_USERS_PORT=str(users_port),
        GAPURA_ISSUER=f"http://127.0.0.1:{auth_port}",
    )
    services = services_in(environment)
    with running(services.users, environment, home / "users.log") as users:
        users.wait_until_ready()
        with running(services.auth, environment, home / "auth.log") as auth:
            auth.wait_until_ready()
            login = {"username": "user1", "password": "pass123"}
            token = auth.post("/login", login).json["access_token"]
            assert users.get("/users", token=token).status == 200
            assert auth.stop() == 0
        assert users.get("/users", token=token).status == 200
        assert users.stop() == 0
    with running(services.users, environment, home / "users-again.log") as users:
        users.wait_until_ready()
        answer = users.get("/users", token=token)
        assert (answer.status, answer.json["msg"]) == (200, "Selamat datang, user1!")
        assert users.get("/users", token=f"{token[:-4]}AAAA").status == 401


def test_without_any_keys_a_service_asks_to_try_again_and_recovers_by_itself(home):
    auth_port, users_port = free_ports(2)
    environment = bare_environment(
        home,
        GAPURA_AUTH_PORT=str(auth_port),
        GAPURA_USERS_PORT=str(users_port),
        GAPURA_ISSUER=f"http://127.0.0.1:{auth_port}",
    )
    services = services_in(environment)
    with running(services.users, environment, home / "users.log") as users:
        users.wait_until_ready()
        answer = users.get("/users", token=PretendIssuer(environment["GAPURA_ISSUER"]).token())
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert answer.json["msg"] == "The keys that verify tokens are not available yet. Please try again."
        with running(services.auth, environment, home / "auth.log") as auth:
            auth.wait_until_ready()
            token = auth.post("/login", {"username": "user1", "password": "pass123"}).json["access_token"]
            deadline = time.monotonic() + RECOVERY_SECONDS
            while (answer := users.get("/users", token=token)).status == 503 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert answer.status == 200
