"""Looks at the ports before anything is started, and names who holds them."""

import errno
import socket
import sys
from collections import Counter
from collections.abc import Iterable

from dev.launcher.failures import PortsTaken
from dev.launcher.port_holder import describe_holder
from dev.launcher.service import Service

AIRPLAY_PORT = 5000
_CONNECT_SECONDS = 0.5
_HOST = "127.0.0.1"


def require_free_ports(services: Iterable[Service], platform: str = sys.platform) -> None:
    """Make sure that every service can listen.

    Raises:
        PortsTaken: when another program listens on one of the ports, or two services share one.

    """
    services = list(services)
    uses = Counter(service.port for service in services)
    shared = [f"Port {port} was given to more than one service." for port, count in uses.items() if count > 1]
    busy = [describe_busy_port(service, platform) for service in services if is_busy(service.port)]
    if shared or busy:
        raise PortsTaken([*shared, *busy])


def is_busy(port: int, host: str = _HOST) -> bool:
    """Whether another program listens on this port of this machine.

    Binding alone does not tell on macOS: there one may bind to 127.0.0.1 while another program has all addresses.

    Raises:
        PortsTaken: when the port cannot be used for another reason, such as a missing permission.

    """
    return not _can_bind(port, host) or _answers(port, host)


def describe_busy_port(service: Service, platform: str) -> str:
    """Say which port is taken, by whom, and what can be done."""
    holder = describe_holder(service.port)
    by = f" by {holder}" if holder else ""
    sentence = f"Port {service.port}, which {service.name} needs, is in use{by}."
    if platform == "darwin" and service.port == AIRPLAY_PORT:
        sentence += " On macOS this is often AirPlay: System Settings > General > AirDrop & Handoff > AirPlay Receiver."
    return f"{sentence} Stop that program, or choose another port with GAPURA_{service.name.upper()}_PORT."


def _can_bind(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise PortsTaken([f"Port {port} cannot be used: {error.strerror}."]) from None
    return True


def _answers(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(_CONNECT_SECONDS)
        return probe.connect_ex((host, port)) == 0
