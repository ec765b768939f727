"""Brings logout tokens to clients (OpenID Connect Back-Channel Logout 1.0, sections 2.5 and 2.8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.keys.key_ring import NoSigningKey
from gapura_auth.oauth.client_authentication import Clients
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.logout_tokens import DELIVERED, REFUSED, LogoutTokenIssuer, RetryPolicy, logout_request
from gapura_auth.oauth.outbound import ForbiddenDestination, Outbound, OutboundError
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.logout_outbox import (
    PendingLogout,
    claim_logouts,
    has_due_logouts,
    mark_delivered,
    mark_given_up,
    put_off,
)
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: A claim holds for longer (seconds) than a batch can take: each request ends within the limits of the outbound port,
#: and the first one that fails ends the batch.
CLAIM_SECONDS = 60.0
BATCH = 8
ACTOR = "(logout delivery)"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying to deliver one logout."""

    delivered: bool
    #: whether trying again would be of no use
    is_final: bool
    #: for the audit log
    reason: str
    #: whether the client has an address to hear at
    wanted: bool = True


_ARRIVED = Attempt(delivered=True, is_final=True, reason="")
_NOT_WANTED = Attempt(delivered=False, is_final=True, reason="the client has no address any more", wanted=False)


@dataclass(frozen=True, slots=True)
class LogoutDelivery:
    """Claims rows of the outbox, one client's at a time, and delivers them."""

    database: Database
    clients: Clients
    tokens: LogoutTokenIssuer
    outbound: Outbound
    policy: RetryPolicy
    clock: Clock
    #: a number between 0 and 1, another one each time
    jitter: Callable[[], float]

    def claim(self) -> Sequence[PendingLogout]:
        """Return rows that nobody else delivers now; empty when nothing is due."""
        now = self.clock()
        with self.database.read() as connection:
            if not has_due_logouts(connection, now):
                return ()
        with self.database.write() as connection:
            return claim_logouts(connection, now, now + CLAIM_SECONDS, BATCH)

    def deliver(self, claimed: Sequence[PendingLogout]) -> int:
        """Deliver rows of one client; returns how many arrived.

        When it cannot be reached, or is in trouble, the rest waits like the one that failed: a client that hangs costs
        one request and not one for each person.
        """
        arrived, failed = 0, None
        for logout in claimed:
            attempt = failed or self._attempt(logout)
            failed = attempt if not attempt.is_final else None
            self._settle(logout, attempt)
            arrived += attempt.delivered
        return arrived

    def deliver_due(self) -> int:
        """Deliver everything that is due now; returns how many arrived."""
        arrived = 0
        while claimed := self.claim():
            arrived += self.deliver(claimed)
        return arrived

    def _attempt(self, logout: PendingLogout) -> Attempt:
        client = self.clients.find(logout.client_id)
        if client is None:
            return _failed("the client cannot be found")
        if client.logout.backchannel_uri is None:
            return _NOT_WANTED
        return self._send(logout, client, client.logout.backchannel_uri)

    def _send(self, logout: PendingLogout, client: Client, address: str) -> Attempt:
        try:
            status = self.outbound.send(logout_request(address, self._token(logout, client))).status
        except ForbiddenDestination as error:
            return Attempt(delivered=False, is_final=True, reason=str(error))
        except OutboundError as error:
            return _failed(str(error))
        except NoSigningKey:
            return _failed(f"there is no key for {client.algorithms.id_token}")
        if status in DELIVERED:
            return _ARRIVED
        return Attempt(delivered=False, is_final=status == REFUSED, reason=f"the client answered {status}")

    def _token(self, logout: PendingLogout, client: Client) -> str:
        return self.tokens.issue(
            subject=logout.account_id,
            client_id=logout.client_id,
            session_id=logout.session_id,
            algorithm=client.algorithms.id_token,
        )

    def _settle(self, logout: PendingLogout, attempt: Attempt) -> None:
        now = self.clock()
        then = self.policy.next_attempt(logout.attempts, logout.created_at, now, self.jitter())
        with self.database.write() as connection:
            if attempt.delivered:
                if mark_delivered(connection, logout, now):
                    _write_down(connection, AuditAction.LOGOUT_DELIVERED, logout, now)
            elif attempt.is_final or then is None:
                if mark_given_up(connection, logout, now) and attempt.wanted:
                    _write_down(connection, AuditAction.LOGOUT_FAILED, logout, now, because=attempt.reason)
            else:
                put_off(connection, logout, then)


def _failed(reason: str) -> Attempt:
    return Attempt(delivered=False, is_final=False, reason=reason)


def _write_down(
    connection: Connection, action: AuditAction, logout: PendingLogout, now: Timestamp, **more: str
) -> None:
    details: dict[str, str | int] = {"client": logout.client_id, "attempts": logout.attempts, **more}
    record(connection, AuditEvent(at=now, action=action, actor=ACTOR, target=logout.session_id, details=details))
