"""Authorization codes in SQL: the protocol's `AuthorizationCodeStore` over one transaction."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select, update

from gapura_auth.oauth.authorization_codes import AlreadyUsed, AuthorizedSession, StoredCode
from gapura_auth.store.sessions import begin_session, end_session, find_session
from gapura_auth.store.tables import authorization_codes as codes
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class SqlAuthorizationCodes:
    """The codes as one transaction sees them."""

    connection: Connection

    def add(self, code: StoredCode, session: AuthorizedSession, now: Timestamp) -> None:
        """Keep a new code and begin its session."""
        begin_session(self.connection, session, now)
        content = {
            "redirect_uri": code.redirect_uri,
            "code_challenge": code.code_challenge,
            "dpop_jkt": code.dpop_jkt,
        }
        values = {
            "digest": code.digest,
            "client_id": code.client_id,
            "session_id": code.session_id,
            "content": orjson.dumps(content).decode(),
            "expires_at": code.expires_at,
        }
        self.connection.execute(insert(codes).values(values))

    def consume(self, digest: bytes, now: Timestamp) -> StoredCode | AlreadyUsed | None:
        """Use a code up, in one statement; None where it is unknown or expired, or its session has ended."""
        good = (codes.c.digest == digest) & codes.c.consumed_at.is_(None) & (codes.c.expires_at > now)
        statement = update(codes).where(good).values(consumed_at=now).returning(codes)
        row = self.connection.execute(statement).one_or_none()
        if row is None:
            return self._used(digest)
        session = find_session(self.connection, row.session_id)
        return _code(row) if session is not None and session.is_live(now) else None

    def _used(self, digest: bytes) -> AlreadyUsed | None:
        used = select(codes.c.session_id).where(codes.c.digest == digest, codes.c.consumed_at.is_not(None))
        session_id = self.connection.execute(used).scalar_one_or_none()
        return AlreadyUsed(session_id) if session_id is not None else None

    def end_session(self, session_id: str, now: Timestamp, because: str) -> None:
        """Revoke the session and every token of it."""
        end_session(self.connection, session_id, now, because)


def _code(row: Row[Any]) -> StoredCode:
    return StoredCode(
        digest=row.digest,
        client_id=row.client_id,
        session_id=row.session_id,
        expires_at=row.expires_at,
        **orjson.loads(row.content),
    )
