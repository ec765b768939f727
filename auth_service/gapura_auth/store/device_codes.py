"""Device codes in SQL: the protocol's `DeviceCodeStore` over one transaction."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from gapura_auth.oauth.authorization_codes import AuthorizedSession
from gapura_auth.oauth.device_codes import StoredDeviceCode
from gapura_auth.store.sessions import begin_session
from gapura_auth.store.tables import device_codes as codes
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class SqlDeviceCodes:
    """The device codes as one transaction sees them."""

    connection: Connection

    def add(self, code: StoredDeviceCode) -> bool:
        """Keep a new code; False when another one has its user code."""
        content = {"scopes": sorted(code.scopes), "resources": list(code.resources)}
        values = {
            "digest": code.digest,
            "user_code": code.user_code,
            "client_id": code.client_id,
            "content": orjson.dumps(content).decode(),
            "interval_seconds": code.interval,
            "expires_at": code.expires_at,
        }
        try:
            with self.connection.begin_nested():
                self.connection.execute(insert(codes).values(values))
        except IntegrityError:
            return False
        return True

    def find(self, digest: bytes) -> StoredDeviceCode | None:
        """Return the code with this SHA-256 digest."""
        return self._one(codes.c.digest == digest)

    def find_by_user_code(self, user_code: str) -> StoredDeviceCode | None:
        """Return the code that belongs to a user code, given in its canonical form."""
        return self._one(codes.c.user_code == user_code)

    def note_poll(self, digest: bytes, interval: int, now: Timestamp) -> None:
        """Note when the device asked, and how long it is to wait from now on."""
        statement = update(codes).where(codes.c.digest == digest)
        self.connection.execute(statement.values(polled_at=now, interval_seconds=interval))

    def approve(self, digest: bytes, session: AuthorizedSession, now: Timestamp) -> bool:
        """Say yes and begin the session, in one step; False when somebody has decided, or it is too late."""
        if not self._decide(digest, now, {"session_id": session.id}):
            return False
        begin_session(self.connection, session, now)
        return True

    def deny(self, digest: bytes, now: Timestamp) -> bool:
        """Say no; False when somebody has decided, or it is too late."""
        return self._decide(digest, now, {"denied_at": now})

    def consume(self, digest: bytes, now: Timestamp) -> bool:
        """Use an approved code up; False when somebody was first."""
        good = (codes.c.digest == digest) & codes.c.session_id.is_not(None) & codes.c.consumed_at.is_(None)
        return self.connection.execute(update(codes).where(good).values(consumed_at=now)).rowcount == 1

    def _decide(self, digest: bytes, now: Timestamp, decision: dict[str, object]) -> bool:
        undecided = codes.c.session_id.is_(None) & codes.c.denied_at.is_(None) & (codes.c.expires_at > now)
        statement = update(codes).where(codes.c.digest == digest, undecided)
        return self.connection.execute(statement.values(decision)).rowcount == 1

    def _one(self, which: ColumnElement[bool]) -> StoredDeviceCode | None:
        row = self.connection.execute(select(codes).where(which)).one_or_none()
        return _code(row) if row is not None else None


def _code(row: Row[Any]) -> StoredDeviceCode:
    content = orjson.loads(row.content)
    return StoredDeviceCode(
        digest=row.digest,
        user_code=row.user_code,
        client_id=row.client_id,
        scopes=frozenset(content["scopes"]),
        resources=tuple(content["resources"]),
        interval=row.interval_seconds,
        expires_at=row.expires_at,
        polled_at=row.polled_at,
        session_id=row.session_id,
        denied_at=row.denied_at,
        consumed_at=row.consumed_at,
    )
