"""Signing keys: public part in the clear, private part sealed, and the times between which they are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from gapura_auth.store.tables import signing_keys
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One signing key as it is kept."""

    kid: str
    algorithm: str
    #: 1 for an algorithm's first key, then one more for each successor
    sequence: int
    public_jwk: str
    sealed_private_jwk: bytes
    published_at: Timestamp
    signs_from: Timestamp
    published_until: Timestamp | None = None
    killed_at: Timestamp | None = None


def list_keys(connection: Connection) -> Sequence[StoredKey]:
    """Return every key that is still kept, by algorithm, the oldest first."""
    query = select(signing_keys).order_by(signing_keys.c.algorithm, signing_keys.c.sequence)
    return [_key(row) for row in connection.execute(query)]


def lock_keys(connection: Connection) -> None:
    """Let nobody else change the keys until the transaction ends; they are read as always."""
    if connection.dialect.name == "postgresql":  # SQLite's writers are alone anyway
        connection.execute(text("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE"))


def add_key(connection: Connection, key: StoredKey, *, retire_others_at: Timestamp) -> bool:
    """Publish a new key and set the time until which its predecessors stay published.

    Returns False when another process has made this successor already.
    """
    values = {column.name: getattr(key, column.name) for column in signing_keys.columns}
    try:
        with connection.begin_nested():
            connection.execute(insert(signing_keys).values(values))
    except IntegrityError:
        return False
    older = (signing_keys.c.algorithm == key.algorithm) & (signing_keys.c.sequence < key.sequence)
    unset = signing_keys.c.published_until.is_(None)
    connection.execute(update(signing_keys).where(older, unset).values(published_until=retire_others_at))
    return True


def kill_key(connection: Connection, kid: str, now: Timestamp) -> bool:
    """Take a key out of use for good; False when it is unknown or killed already."""
    alive = (signing_keys.c.kid == kid) & signing_keys.c.killed_at.is_(None)
    return connection.execute(update(signing_keys).where(alive).values(killed_at=now)).rowcount == 1


def sign_at_once(connection: Connection, kid: str, now: Timestamp) -> None:
    """Let a key that waits for its turn sign from now on."""
    connection.execute(update(signing_keys).where(signing_keys.c.kid == kid).values(signs_from=now))


def publish_until(connection: Connection, ends: Mapping[str, Timestamp | None]) -> None:
    """Set the time until which keys stay published, by `kid`; None where no successor is known."""
    for kid, end in ends.items():
        connection.execute(update(signing_keys).where(signing_keys.c.kid == kid).values(published_until=end))


def delete_keys_unpublished_before(connection: Connection, then: Timestamp) -> int:
    """Forget keys that nobody can need any more; returns how many."""
    return connection.execute(delete(signing_keys).where(signing_keys.c.published_until < then)).rowcount


def _key(row: Row[Any]) -> StoredKey:
    return StoredKey(**row._mapping)  # noqa: SLF001 -- the public name of a row's columns in SQLAlchemy
