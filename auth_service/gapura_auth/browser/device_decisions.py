"""Somebody who is signed in decides about a device that asks for access (RFC 8628, section 3.3).

User codes are short, so guessing at them costs time: attempts are counted per account and per address before a code is
looked up (section 5.1).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection

from gapura_auth.accounts.errors import TooManyAttempts
from gapura_auth.accounts.throttle import HOUR, Allowance, network_of
from gapura_auth.browser.session import SignedIn
from gapura_auth.browser.steps import CannotContinue
from gapura_auth.browser.visitor import Visitor
from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.client_authentication import Clients
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.device_codes import StoredDeviceCode, canonical_user_code
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.scopes import allowed_by_person
from gapura_auth.store.accounts import lock_account
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.browser_sessions import is_live_browser_session
from gapura_auth.store.device_codes import SqlDeviceCodes
from gapura_auth.store.roles import scopes_of
from gapura_auth.store.throttle import blocked_until, give_back, take_attempt
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

GUESSES = Allowance(free=5, first_wait=5, longest_wait=900, forget_after=HOUR)
LONGEST_USER_AGENT = 255


class UnknownUserCode(Exception):
    """No device waits under this code."""


@dataclass(frozen=True, slots=True)
class WaitingDevice:
    """A device that somebody is asked about."""

    code: StoredDeviceCode
    client: Client
    #: what it would get of this person
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeviceDecisions:
    """Finds waiting devices, and keeps what was decided about them."""

    database: Database
    clients: Clients
    session_seconds: float
    clock: Clock
    new_id: Callable[[], str]

    def find(self, typed: str, signed_in: SignedIn, address: str) -> WaitingDevice:
        """Return the device that shows this code.

        Raises:
            UnknownUserCode: when none does, or somebody has decided about it.
            TooManyAttempts: while guessing is slowed down.

        """
        now, buckets = self.clock(), _buckets(signed_in.account.id, address)
        with self.database.write() as connection:
            _count(connection, buckets, now)
        waiting = self._look(typed, signed_in, now)
        with self.database.write() as connection:
            give_back(connection, buckets)
        return waiting

    def approve(self, waiting: WaitingDevice, visitor: Visitor) -> None:
        """Begin the device's session. Raises `CannotContinue` when it is too late."""
        now, signed_in = self.clock(), _signed_in(visitor)
        session = self._session(waiting, signed_in, visitor, now)
        with self.database.write() as connection:
            account = lock_account(connection, session.account_id)
            is_present = account is not None and account.is_enabled
            if not is_present or not is_live_browser_session(connection, signed_in.session.id, now):
                raise CannotContinue
            if not SqlDeviceCodes(connection).approve(waiting.code.digest, session, now):
                raise CannotContinue
            record(connection, _event(waiting, session, now))

    def deny(self, waiting: WaitingDevice) -> None:
        """Let the device know that nobody wants it. Raises `CannotContinue` when it is too late."""
        with self.database.write() as connection:
            if not SqlDeviceCodes(connection).deny(waiting.code.digest, self.clock()):
                raise CannotContinue

    def _look(self, typed: str, signed_in: SignedIn, now: Timestamp) -> WaitingDevice:
        user_code = canonical_user_code(typed)
        if user_code is None:
            raise UnknownUserCode
        with self.database.read() as connection:
            code = SqlDeviceCodes(connection).find_by_user_code(user_code)
            allowed = scopes_of(connection, signed_in.account.id)
        client = self.clients.find(code.client_id) if code is not None and code.awaits_decision(now) else None
        if code is None or client is None:
            raise UnknownUserCode
        return WaitingDevice(code, client, allowed_by_person(code.scopes & client.scopes, allowed))

    def _session(
        self, waiting: WaitingDevice, signed_in: SignedIn, visitor: Visitor, now: Timestamp
    ) -> AuthorizedSession:
        granted = GrantedAuthorization(
            scopes=waiting.scopes, login=signed_in.login.event, resources=waiting.code.resources
        )
        return AuthorizedSession(
            id=self.new_id(),
            account_id=signed_in.account.id,
            client_id=waiting.client.id,
            browser_session_id=None,  # it goes on when this browser is signed out
            granted=granted,
            address=visitor.address,
            user_agent=visitor.user_agent[:LONGEST_USER_AGENT],
            expires_at=now + self.session_seconds,
        )


def _signed_in(visitor: Visitor) -> SignedIn:
    if visitor.signed_in is None:
        raise CannotContinue
    return visitor.signed_in


def _count(connection: Connection, buckets: list[str], now: Timestamp) -> None:
    if not all(take_attempt(connection, bucket, GUESSES, now) for bucket in buckets):
        until = max(blocked_until(connection, bucket) for bucket in buckets)
        raise TooManyAttempts(retry_after=math.ceil(until - now))  # which also takes back what was counted


def _buckets(account_id: str, address: str) -> list[str]:
    names = (f"device\0account\0{account_id}", f"device\0address\0{network_of(address)}")
    return [sha256(name.encode()).hexdigest() for name in names]


def _event(waiting: WaitingDevice, session: AuthorizedSession, now: Timestamp) -> AuditEvent:
    return AuditEvent(
        at=now,
        action=AuditAction.CONSENT_GRANTED,
        actor=session.account_id,
        target=waiting.client.id,
        address=session.address,
        details={"scope": " ".join(sorted(waiting.scopes)), "session": session.id},
    )
