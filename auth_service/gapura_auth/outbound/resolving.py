"""From a name to its addresses, within a time limit that the system's resolver does not have."""

import queue
import socket
import threading
from collections.abc import Sequence

from gapura_auth.oauth.outbound import OutboundError


def resolve(host: str, port: int, seconds: float) -> Sequence[str]:
    """Return every address of a host.

    Raises:
        OutboundError: when it has none, or the answer takes too long.

    """
    answers: queue.Queue[Sequence[str] | None] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in found])
        except (OSError, UnicodeError):
            answers.put(None)

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        addresses = answers.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise OutboundError("The host's name took too long to resolve.") from None
    if addresses is None:
        raise OutboundError("The host's name cannot be resolved.")
    return addresses
