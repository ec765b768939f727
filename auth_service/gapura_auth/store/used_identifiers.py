"""What may be used only once: a digest per identifier, taken in one statement."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.store.tables import used_identifiers
from gapura_chassis.clock import Timestamp
from gapura_chassis.database import Database
from gapura_chassis.upsert import insert_into


def take(connection: Connection, kind: str, text: str, expires_at: Timestamp, now: Timestamp) -> bool:
    """Note a use; False when the text was used before, and what it stood in has not expired since."""
    statement = insert_into(used_identifiers, connection.dialect.name).values(
        digest=_digest(kind, text), expires_at=expires_at
    )
    fresh = statement.on_conflict_do_update(
        index_elements=[used_identifiers.c.digest],
        set_={"expires_at": expires_at},
        where=used_identifiers.c.expires_at < now,
    )
    return connection.execute(fresh.returning(used_identifiers.c.expires_at)).first() is not None


@dataclass(frozen=True, slots=True)
class SqlUsedIdentifiers:
    """Each use in a transaction of its own: never call this within another one."""

    database: Database

    def first_use(self, kind: str, text: str, expires_at: Timestamp, now: Timestamp) -> bool:
        """Note a use; False when it is not the first."""
        with self.database.write() as connection:
            return take(connection, kind, text, expires_at, now)


def _digest(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{text}".encode(errors="surrogatepass")).digest()
