"""Requests that happen once however often they are sent (draft-ietf-httpapi-idempotency-key-header).

A key is taken in the transaction that makes the product, before the product: of parallel requests with one key the
database lets one through, and the others wait for its answer. If that transaction fails, nothing was taken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Self

import orjson
from sqlalchemy import Connection, delete, select, update

from gapura_chassis.upsert import insert_into
from gapura_products.product import Product, ProductDetails
from gapura_products.store.tables import idempotency_keys, to_microseconds

LIFETIME = timedelta(hours=24)

#: Expired keys that one request clears away.
PURGE_BATCH = 100

_keys = idempotency_keys.c


class KeyReused(Exception):
    """The key was used before, for something else."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Which request this is (caller and key, as one digest) and what it asks for."""

    digest: str
    fingerprint: str

    @classmethod
    def of(cls, caller: str, key: str, details: ProductDetails) -> Self:
        """Return the identity of a caller's request; keys of different callers never meet."""
        return cls(_digest(f"{caller}\0{key}".encode()), _digest(orjson.dumps(details)))


def take_key(connection: Connection, key: RequestKey, now: datetime) -> Product | None:
    """Take a key for this transaction, or return the product that was answered to it before.

    Raises:
        KeyReused: when the key stands for another request.

    """
    connection.execute(delete(idempotency_keys).where(_keys.digest == key.digest, _keys.created_at <= _oldest(now)))
    row = {"digest": key.digest, "fingerprint": key.fingerprint, "answer": "", "created_at": to_microseconds(now)}
    insert = insert_into(idempotency_keys, connection.dialect.name)
    taken = insert.values(row).on_conflict_do_nothing().returning(_keys.digest)
    if connection.execute(taken).first() is not None:
        return None
    statement = select(_keys.fingerprint, _keys.answer).where(_keys.digest == key.digest)
    fingerprint, answer = connection.execute(statement).one()
    if fingerprint != key.fingerprint:
        raise KeyReused
    return _read(answer)


def keep_answer(connection: Connection, key: RequestKey, product: Product) -> None:
    """Remember what was answered to a key that this transaction has taken."""
    answer = orjson.dumps(product).decode()
    connection.execute(update(idempotency_keys).where(_keys.digest == key.digest).values(answer=answer))


def purge_expired(connection: Connection, now: datetime) -> int:
    """Forget a small batch of keys whose time is over, passing over those that another request is purging."""
    expired = select(_keys.digest).where(_keys.created_at <= _oldest(now)).order_by(_keys.created_at)
    batch = expired.limit(PURGE_BATCH).with_for_update(skip_locked=True)
    digests = connection.execute(batch).scalars().all()
    if digests:
        connection.execute(delete(idempotency_keys).where(_keys.digest.in_(digests)))
    return len(digests)


def _oldest(now: datetime) -> int:
    return to_microseconds(now - LIFETIME)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=32).hexdigest()


def _read(answer: str) -> Product:
    values = orjson.loads(answer)
    moments = {name: datetime.fromisoformat(values[name]) for name in ("created_at", "updated_at")}
    return Product(**(values | moments))
