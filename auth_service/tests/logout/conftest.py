"""The service with clients that want to hear of logouts, and sessions of theirs to end."""

import ipaddress
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are imported by path

from receiver import Receiver, receiving

from gapura_auth.accounts.session import Session
from gapura_auth.clients.registry import ClientRegistry
from gapura_auth.factory import new_id
from gapura_auth.keys.key_ring import KeyRing
from gapura_auth.keys.master_key import master_key_from
from gapura_auth.logout.delivery import LogoutDelivery
from gapura_auth.oauth.clients import Client, ClientAlgorithms, ClientPresentation, LogoutAddresses
from gapura_auth.oauth.logout_tokens import LogoutTokenIssuer, RetryPolicy
from gapura_auth.oauth.outbound import Destinations
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.outbound import GuardedOutbound, OutboundLimits
from gapura_auth.store.clients import StoredClient, insert_client
from gapura_auth.store.sessions import insert_session, revoke_session

LOOPBACK = Destinations(networks=(ipaddress.ip_network("127.0.0.0/8"),))


@dataclass
class Logouts:
    """One service, and what a test needs to see logouts of it arrive."""

    service: Any
    numbers: Any
    account_id: str

    def client(self, client_id: str, address: str | None, algorithm: str = "ES256") -> Client:
        client = Client(
            id=client_id,
            presentation=ClientPresentation(client_id),
            authentication=ClientAuthentication.NONE,
            redirect_uris=("https://app.example/callback",),
            algorithms=ClientAlgorithms(id_token=algorithm),
            logout=LogoutAddresses(backchannel_uri=address),
        )
        with self.service.database.write() as connection:
            insert_client(connection, StoredClient(client=client, created_at=self.service.clock()))
        return client

    def begin(self, client_id: str) -> str:
        now = self.service.clock()
        session = Session(
            id=f"session-{next(self.numbers)}",
            account_id=self.account_id,
            client_id=client_id,
            address="",
            user_agent="",
            authenticated_at=now,
            last_seen_at=now,
            expires_at=now + 90_000,
            granted="{}",
        )
        with self.service.database.write() as connection:
            insert_session(connection, session)
        return session.id

    def end(self, client_id: str) -> str:
        session_id = self.begin(client_id)
        with self.service.database.write() as connection:
            assert revoke_session(connection, session_id, self.service.clock(), "logout")
        return session_id

    def delivery(self, **changes: Any) -> LogoutDelivery:
        settings, database, clock = self.service.settings, self.service.database, self.service.clock
        keys = KeyRing(database, master_key_from(settings), "ES256", clock)
        delivery = LogoutDelivery(
            database=database,
            clients=ClientRegistry(database, clock),
            tokens=LogoutTokenIssuer(settings.issuer, keys, clock, new_id),
            outbound=self.outbound(0.5),
            policy=RetryPolicy(),
            clock=clock,
            jitter=lambda: 0.0,
        )
        return replace(delivery, **changes)

    def outbound(self, seconds: float) -> GuardedOutbound:
        return GuardedOutbound(LOOPBACK, OutboundLimits(seconds=seconds))

    def rows(self) -> dict[str, str]:
        """Return what became of each session's logout."""
        rows = self.service.rows("SELECT session_id, delivered_at, given_up_at FROM logout_outbox")
        return {row[0]: "delivered" if row[1] else "given up" if row[2] else "waits" for row in rows}

    def audited(self) -> list[tuple[str, str, str]]:
        query = "SELECT action, target, details FROM audit_events WHERE action LIKE 'logout.%' ORDER BY id"
        return [tuple(row) for row in self.service.rows(query)]


@pytest.fixture
def logouts_of() -> Callable[[Any], Logouts]:
    def make(service: Any) -> Logouts:
        return Logouts(service, count(), service.register("ani").json["id"])

    return make


@pytest.fixture
def logouts(service, logouts_of) -> Logouts:
    return logouts_of(service)


@pytest.fixture
def receive() -> Callable[..., Receiver]:
    """Start a receiver that behaves as it is told to."""
    with ExitStack() as stack:
        yield lambda **behaviour: stack.enter_context(receiving(**behaviour))
