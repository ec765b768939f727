"""Carries the schedule out: makes the keys that are due, and withdraws them, safely with many processes at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from gapura.jose import SigningKey, generate_signing_key
from gapura_auth.credentials import MasterKey
from gapura_auth.keys.schedule import (
    RotationPolicy,
    Successor,
    due_successor,
    early_successor,
    next_in_line,
    publication_ends,
    signing_key,
)
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.signing_keys import (
    StoredKey,
    add_key,
    delete_keys_unpublished_before,
    kill_key,
    list_keys,
    lock_keys,
    publish_until,
    sign_at_once,
)
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: Withdrawn keys are kept for a while, so that an operator can see what happened.
FORGET_AFTER = 30 * 24 * 3600

ROTATION = "key rotation"

Plan = Callable[[Sequence[StoredKey], str, RotationPolicy, Timestamp], Successor | None]


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
        due = [algorithm for algorithm in self.algorithms if due_successor(keys, algorithm, self.policy, now)]
        made = sum(self._make(due_successor, algorithm, now, ROTATION) for algorithm in due)
        if any(key.published_until is not None and key.published_until < now - FORGET_AFTER for key in keys):
            with self.database.write() as connection:
                delete_keys_unpublished_before(connection, now - FORGET_AFTER)
        return made

    def rotate_now(self, actor: str) -> None:
        """Publish successors of all keys, to sign as soon as every guard can know them."""
        now = self.clock()
        for algorithm in self.algorithms:
            self._make(early_successor, algorithm, now, actor)

    def kill(self, kid: str, actor: str) -> None:
        """Withdraw a key at once: every token that it signed is refused as soon as guards fetch the key set.

        Where it was the key that signs, the next one takes over in the same transaction.

        Raises:
            UnknownKey: when there is no such key, or it was killed before.

        """
        now = self.clock()
        with self.database.write() as connection:
            lock_keys(connection)
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
        waiting = next_in_line(keys, algorithm, now)
        successor = due_successor(keys, algorithm, self.policy, now)
        if waiting is not None:
            sign_at_once(connection, waiting.kid, now)
        elif successor is not None:
            self._add(connection, successor, now, actor)

    def _make(self, plan: Plan, algorithm: str, now: Timestamp, actor: str) -> bool:
        with self.database.write() as connection:
            lock_keys(connection)  # and look again: another process may have made it meanwhile
            successor = plan(list_keys(connection), algorithm, self.policy, now)
            return successor is not None and self._add(connection, successor, now, actor)

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
