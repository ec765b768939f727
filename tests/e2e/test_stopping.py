"""A service that is told to stop finishes what it has begun."""

import http.client
import json
import socket
import time

import pytest

from dev.launcher.ports import is_busy
from tests.running.system import bare_environment, free_ports, running, services_in

pytestmark = pytest.mark.e2e


def test_a_request_in_flight_is_answered_before_the_service_ends(home):
    environment = bare_environment(home, GAPURA_AUTH_PORT=str(free_ports(1)[0]))
    with running(services_in(environment).auth, environment, home / "auth.log") as auth:
        auth.wait_until_ready()
        body = json.dumps({"username": "user1", "password": "pass123"}).encode()
        head = (
            f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{auth.service.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", auth.service.port), timeout=20) as connection:
            connection.sendall(head.encode() + body[:10])
            time.sleep(0.5)  # the request must have reached the view, which waits for the rest of the body
            auth.ask_to_stop()
            while is_busy(auth.service.port):
                time.sleep(0.05)
            connection.sendall(body[10:])
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert response.status == 200
            assert json.loads(response.read())["access_token"]
            response.close()
        assert auth.wait() == 0
