from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from gapura_auth.cli.doctor.clock import check_clock
from gapura_auth.cli.doctor.findings import Finding, fine, wrong
from gapura_auth.settings import AuthSettings
from gapura_chassis.clock import Clock, Timestamp

PATIENCE_SECONDS = 3.0
#: A Date header has no fractions.
DATE_PRECISION = 1.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A service that should run."""

    name: str
    address: str
    #: how it is started
    advice: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said."""

    status: int
    #: its Date header
    time: Timestamp | None


Ask = Callable[[str], Answer]


def peers_of(settings: AuthSettings) -> Sequence[Peer]:
    """Return the services that belong to this installation.

    In production the others run elsewhere; there they are asked for only where their port was set.
    """
    found = [Peer("auth service", settings.issuer, "Start it, or correct GAPURA_ISSUER: every service asks there.")]
    for name, field, folder in (
        ("user service", "users_port", "user_service"),
        ("product service", "products_port", "product_service"),
    ):
        if not settings.in_production or field in settings.model_fields_set:
            address = f"http://127.0.0.1:{getattr(settings, field)}"
            found.append(Peer(name, address, f"Start it with `make run` or `cd {folder} && python app.py`."))
    return found


def check_peer(peer: Peer, ask: Ask, clock: Clock) -> Sequence[Finding]:
    """Find out whether a peer is ready and what time it believes it is."""
    begun = clock()
    try:
        answer = ask(f"{peer.address}/readyz")
    except (OSError, HTTPException) as error:
        reason = str(error) or type(error).__name__
        return [wrong(f"The {peer.name} does not answer at {peer.address}: {reason}.", peer.advice)]
    if answer.status != 200:  # noqa: PLR2004 -- OK
        advice = "Its /readyz says what it lacks."
        return [wrong(f"The {peer.name} at {peer.address} is not ready: it answers {answer.status}.", advice)]
    ready = fine(f"The {peer.name} at {peer.address} is ready.")
    if answer.time is None:
        return [ready]
    ended = clock()
    precision = DATE_PRECISION + (ended - begun) / 2
    return [ready, check_clock(f"the {peer.name}", answer.time, (begun + ended) / 2, precision=precision)]


def ask_over_http(address: str) -> Answer:
    """Ask a peer; no redirect is followed.

    Raises:
        OSError: when nobody answers.
        HTTPException: when what answers does not speak HTTP.

    """
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        return Answer(response.status, _time(response.getheader("Date")))
    finally:
        connection.close()


def _time(date: str | None) -> Timestamp | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None
