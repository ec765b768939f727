"""Everything that the protocol changes together, over one transaction of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.store.authorization_codes import SqlAuthorizationCodes
from gapura_auth.store.device_codes import SqlDeviceCodes
from gapura_auth.store.refresh_tokens import SlotLending, SqlRefreshTokens
from gapura_auth.store.session_grants import SqlSessions
from gapura_chassis.database import Database


@dataclass(frozen=True, slots=True)
class SqlTransaction:
    """The stores as one transaction sees them."""

    codes: SqlAuthorizationCodes
    refresh_tokens: SqlRefreshTokens
    device_codes: SqlDeviceCodes
    sessions: SqlSessions


@dataclass(frozen=True, slots=True)
class SqlTransactions:
    """Begins transactions."""

    database: Database
    #: audience of the tokens of a session in which no resource was named
    audience: tuple[str, ...]
    lending: SlotLending | None

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """Begin one that may change something: committed at the end of the block, undone when it raises."""
        with self.database.write() as connection:
            yield self._over(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Begin one that changes nothing."""
        with self.database.read() as connection:
            yield self._over(connection)

    def _over(self, connection: Connection) -> SqlTransaction:
        return SqlTransaction(
            SqlAuthorizationCodes(connection),
            SqlRefreshTokens(connection, self.audience, self.lending),
            SqlDeviceCodes(connection),
            SqlSessions(connection, self.audience),
        )
