"""The addresses that a browser is shown so that clients forget it (OpenID Connect Front-Channel Logout 1.0)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.response_modes import with_query

#: More sessions than one browser login honestly has; each frame is a request that the browser makes.
MOST_FRAMES = 20


@dataclass(frozen=True, slots=True)
class EndedAtClient:
    """A session that has ended, with the client it belonged to."""

    client: Client
    session_id: str


def frames_of(issuer: str, ended: Iterable[EndedAtClient]) -> tuple[str, ...]:
    """Return the address of each frame, with `iss` and `sid` in its query (section 2)."""
    return tuple(islice(dict.fromkeys(_addresses(issuer, ended)), MOST_FRAMES))


def _addresses(issuer: str, ended: Iterable[EndedAtClient]) -> Iterator[str]:
    for one in ended:
        uri = one.client.logout.frontchannel_uri
        # a content policy cannot name an IPv6 address, and would have to allow every host instead
        if uri is not None and "[" not in uri:
            yield with_query(uri, {"iss": issuer, "sid": one.session_id})
