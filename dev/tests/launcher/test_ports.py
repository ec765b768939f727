import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.launcher.failures import PortsTaken
from dev.launcher.port_holder import describe_holder
from dev.launcher.ports import describe_busy_port, is_busy, require_free_ports
from dev.launcher.service import Service


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port(listener: int) -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    assert port != listener
    return port


def service(name: str, port: int) -> Service:
    return Service(name, Path(), port)


def test_a_port_is_busy_while_somebody_listens(listener: int, free_port: int) -> None:
    assert is_busy(listener)
    assert not is_busy(free_port)


def test_a_port_taken_on_all_addresses_is_busy() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:  # noqa: S104 -- that is the case
        assert is_busy(server.getsockname()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells who listens")
def test_the_process_that_listens_is_found(listener: int, free_port: int) -> None:
    assert f"(process {os.getpid()})" in str(describe_holder(listener))
    assert describe_holder(free_port) is None


def test_every_busy_port_is_named(listener: int, free_port: int) -> None:
    services = [service("auth", listener), service("users", free_port)]
    with pytest.raises(PortsTaken, match=f"Port {listener}, which auth needs, is in use.*\nNothing was started."):
        require_free_ports(services)


def test_one_port_for_two_services_is_refused(free_port: int) -> None:
    with pytest.raises(PortsTaken, match=f"Port {free_port} was given to more than one service."):
        require_free_ports([service("auth", free_port), service("users", free_port)])


def test_a_port_that_cannot_be_used_for_another_reason_is_refused(free_port: int) -> None:
    with pytest.raises(PortsTaken, match=f"Port {free_port} cannot be used: "):
        is_busy(free_port, "203.0.113.1")  # not an address of this machine


@pytest.mark.parametrize(("platform", "port", "hints"), [("darwin", 5000, 1), ("darwin", 5001, 0), ("linux", 5000, 0)])
def test_airplay_is_mentioned_where_it_may_be_the_reason(platform: str, port: int, hints: int) -> None:
    sentence = describe_busy_port(service("auth", port), platform)
    assert sentence.count("AirPlay Receiver") == hints
    assert sentence.endswith("Stop that program, or choose another port with GAPURA_AUTH_PORT.")
