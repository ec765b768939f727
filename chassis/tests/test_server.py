import os
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from running_service import RunningService, free_port

pytestmark = pytest.mark.e2e

REQUESTS = re.compile(rb'gapura_http_requests_total\{method="GET",route="/fast",status="200"\} ([\d.]+)')


def test_it_answers_and_stops_with_status_zero(start):
    service = start().wait_until_ready()
    assert service.get("/fast?q=a").json == {"msg": "a 10"}
    assert service.stop() == 0


def test_a_stop_finishes_what_is_in_flight_and_takes_nothing_new(start):
    service = start().wait_until_ready()
    answers = []
    slow = threading.Thread(target=lambda: answers.append(service.get("/slow")))
    slow.start()
    time.sleep(0.3)  # the request must have reached the view
    service.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)  # and the signal the worker
    with pytest.raises(ConnectionRefusedError):
        service.get("/fast")
    os.killpg(service.process.pid, signal.SIGTERM)  # an impatient supervisor's second one
    slow.join()
    assert [(answer.status, answer.json) for answer in answers] == [(200, {"msg": "done"})]
    assert service.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_is_a_clean_and_quick_end(start, number):
    service = start(GAPURA_WORKERS="2", GAPURA_STOP_SECONDS="60").wait_until_ready()
    os.killpg(service.process.pid, number)
    assert service.wait() == 0


def test_a_taken_port_is_named(start):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        service = start(PORT=str(port))
        assert service.wait() == 2
    assert service.output.decode() == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. Stop what uses the port, or choose another.\n"
    )


def test_a_second_service_cannot_share_the_port_of_the_first(start):
    first = start().wait_until_ready()
    second = start(PORT=str(first.port))
    assert second.wait() == 2
    assert b"Address already in use" in second.output


def test_a_wrong_setting_ends_in_a_sentence(start):
    service = start(JWT_SECRET_KEY="")
    assert service.wait() == 2
    assert service.output == b"JWT_SECRET_KEY is set but empty: give it a value, or unset it for the default.\n"


def test_a_refusal_in_a_worker_ends_in_its_sentence(start, tmp_path: Path):
    (tmp_path / "refuse").touch()
    service = start()
    assert service.wait() == 1
    assert b"The tiny service will not start: it was told so.\n" in service.output
    assert b"Traceback" not in service.output


def test_a_worker_that_dies_ends_the_service(start):
    service = start(GAPURA_WORKERS="2").wait_until_ready()
    with pytest.raises(ConnectionError):
        service.get("/die")
    assert service.wait() == 1
    assert b"a worker ended by itself" in service.output


def test_workers_end_when_the_main_process_was_killed(start):
    service = start(GAPURA_WORKERS="2").wait_until_ready()
    service.process.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            service.get("/livez")
        except OSError:
            return
        time.sleep(0.05)
    pytest.fail("a worker lives on without its main process")


def test_figures_of_all_workers_are_added_up(start):
    service = start(GAPURA_WORKERS="2").wait_until_ready()
    for _ in range(50):
        service.get("/fast")
    counts = {REQUESTS.findall(service.get("/metrics").body)[0] for _ in range(12)}
    assert counts == {b"50.0"}


def test_requests_know_nothing_of_the_process_environment(start):
    known = start(A_SECRET="hush-hush", JWT_SECRET_KEY="s" * 40).wait_until_ready().get("/environ").body
    assert b"hush-hush" not in known
    assert b"s" * 40 not in known


CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
JSON_POST = b"POST /greet HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /fast HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /fast HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 400_000 + b"\r\n\r\n", 431),
        (b"GET /fast HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 500 + b"\r\n", 431),
        (b"GET /fast?q=" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (JSON_POST + b"Content-Length: abc\r\n\r\n{}", 400),
        (JSON_POST + b"Content-Length: -5\r\n\r\n{}", 400),
        (JSON_POST + b"Content-Length: 9000000\r\n\r\n", 413),
        (JSON_POST + b'Transfer-Encoding: chunked\r\n\r\nc\r\n{"name":"a"}\r\n0\r\n\r\n', 200),
        (JSON_POST + b'Transfer-Encoding: chunked\r\n\r\nc\r\n{"name":"a"}\r\n' + CHUNK + b"0\r\n\r\n", 413),
        (b"NONSENSE\r\n\r\n", 400),
        (b"BREW /fast HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ],
)
def test_what_does_not_fit_is_refused_and_the_service_goes_on(tiny, raw: bytes, status: int):
    try:
        answer = tiny.send(raw)
    except ConnectionError:  # the server hung up while we were still sending
        answer = b"HTTP/1.1 431"
    assert int(answer.split()[1]) == status
    assert tiny.get("/fast").status == 200


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    service = RunningService({"GAPURA_HOME": str(tmp_path_factory.mktemp("home")), "PORT": str(free_port())})
    yield service.wait_until_ready()
    service.end()
