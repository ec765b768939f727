"""Authorization requests that wait; each is answered once, by one conditional statement."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from gapura_auth.oauth.stored_requests import RequestKind, StoredRequest, WaitingRequest
from gapura_auth.store.tables import authorization_requests as requests
from gapura_chassis.clock import Timestamp
from gapura_chassis.database import Database


def consume_request(connection: Connection, digest: bytes, now: Timestamp) -> bool:
    """Answer a request; False when it is not there, or was answered before.

    Its expiry does not matter any more: a pushed request that somebody has come with is good until they are done.
    """
    unanswered = (requests.c.digest == digest) & requests.c.consumed_at.is_(None)
    return connection.execute(update(requests).where(unanswered).values(consumed_at=now)).rowcount == 1


@dataclass(frozen=True, slots=True)
class SqlAuthorizationRequests:
    """The protocol's `AuthorizationRequestStore`."""

    database: Database

    def add(self, request: StoredRequest) -> None:
        """Keep a new request."""
        values = {
            "digest": request.digest,
            "client_id": request.client_id,
            "kind": request.kind.value,
            "content": request.request.to_json(),
            "expires_at": request.expires_at,
        }
        with self.database.write() as connection:
            connection.execute(insert(requests).values(values))

    def find(self, kind: RequestKind, digest: bytes, now: Timestamp) -> StoredRequest | None:
        """Return a request that has neither expired nor been answered."""
        query = select(requests).where(_waits(digest, now), requests.c.kind == kind.value)
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return StoredRequest(
            digest=row.digest,
            kind=RequestKind(row.kind),
            client_id=row.client_id,
            request=WaitingRequest.from_json(row.content),
            expires_at=row.expires_at,
        )

    def replace(self, digest: bytes, request: WaitingRequest, now: Timestamp) -> bool:
        """Keep how far a request has come; False when it was answered meanwhile."""
        statement = update(requests).where(_waits(digest, now)).values(content=request.to_json())
        with self.database.write() as connection:
            return connection.execute(statement).rowcount == 1


def _waits(digest: bytes, now: Timestamp) -> ColumnElement[bool]:
    return (requests.c.digest == digest) & requests.c.consumed_at.is_(None) & (requests.c.expires_at > now)
