"""Carries the schedule out: makes the keys that are due, and withdraws them, safely with many processes at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from gapura.jose import SigningKey, generate_signing_key
from gapura_auth.credentials import MasterKey
from gapura_auth.keys.schedule import (
    KeyState,
    RotationPolicy,
    Successor,
    due_successor,
    early_successor,
    publication_ends,
    signing_key,
    state_of,
)
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.signing_keys import (
    StoredKey,
    add_key,
    delete_keys_unpublished_before,
    kill_key,
    list_keys,
    publish_until,
    sign_at_once,
)
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: Withdrawn keys are kept for a while, so that an operator can see what happened.
FORGET_AFTER = 30 * 24 * 3600

ROTATION = "key rotation"


class UnknownKey(Exception):
    """There is no such key, or it was killed before."""


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """Keeps the signing keys of the algorithms that are in use."""

    database: Database
    master_key: MasterKey
    policy: RotationPolicy
    algorithms: tuple[str, ...]
    clock: Clock
    generate: Callable[[str], SigningKey] = generate_signing_key

    def rotate_if_due(self) -> int:
        """Make the keys whose time has come, and forget old ones; returns how many were made."""
        now = self.clock()
        with self.database.read() as connection:
            keys = list_keys(connection)
        due = [key for algorithm in self.algorithms if (key := due_successor(keys, algorithm, self.policy, now))]
        made = sum(self._make(successor, now, actor=ROTATION) for successor in due)
        if any(key.published_until is not None and key.published_until < now - FORGET_AFTER for key in keys):
            with self.database.write() as connection:
                delete_keys_unpublished_before(connection, now - FORGET_AFTER)
        return made

    def rotate_now(self, actor: str) -> None:
        """Publish successors of all keys, to sign as soon as every guard can know them."""
        now = self.clock()
        with self.database.read() as connection:
            keys = list_keys(connection)
        for algorithm in self.algorithms:
            self._make(early_successor(keys, algorithm, self.policy, now), now, actor=actor)

    def kill(self, kid: str, actor: str) -> None:
        """Withdraw a key at once: every token that it signed is refused as soon as guards fetch the key set.

        Where it was the key that signs, the next one takes over in the same transaction.

        Raises:
            UnknownKey: when there is no such key, or it was killed before.

        """
        now = self.clock()
        with self.database.write() as connection:
            if not kill_key(connection, kid, now):
                raise UnknownKey(kid)
            record(connection, AuditEvent(at=now, action=AuditAction.KEY_KILLED, actor=actor, target=kid))
            keys = list_keys(connection)
            killed = next(key for key in keys if key.kid == kid)
            if signing_key(keys, killed.algorithm, now) is None:
                self._replace(connection, keys, killed.algorithm, now, actor)
            ends = publication_ends(list_keys(connection), killed.algorithm, self.policy, now)
            publish_until(connection, ends)

    def _replace(
        self, connection: Connection, keys: Sequence[StoredKey], algorithm: str, now: Timestamp, actor: str
    ) -> None:
        waiting = [key for key in keys if key.algorithm == algorithm and state_of(key, keys, now) is KeyState.PENDING]
        if waiting:
            sign_at_once(connection, waiting[0].kid, now)
            return
        successor = due_successor(keys, algorithm, self.policy, now)
        if successor is not None and not self._add(connection, successor, now, actor):
            self._replace(connection, list_keys(connection), algorithm, now, actor)  # somebody has just made it

    def _make(self, successor: Successor, now: Timestamp, *, actor: str) -> bool:
        with self.database.write() as connection:
            return self._add(connection, successor, now, actor)

    def _add(self, connection: Connection, successor: Successor, now: Timestamp, actor: str) -> bool:
        key = self.generate(successor.algorithm)
        stored = StoredKey(
            kid=key.kid,
            algorithm=successor.algorithm,
            sequence=successor.sequence,
            public_jwk=orjson.dumps(key.public_jwk()).decode(),
            sealed_private_jwk=self.master_key.seal(orjson.dumps(key.private_jwk()), key.kid.encode()),
            published_at=now,
            signs_from=successor.signs_from,
        )
        added = add_key(connection, stored, retire_others_at=successor.predecessors_until)
        if added:
            record(connection, AuditEvent(at=now, action=AuditAction.KEY_PUBLISHED, actor=actor, target=key.kid))
        return added
