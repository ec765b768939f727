"""The life of a signing key, as a pure function of its row and the time.

    published ──► signs ──► published only ──► withdrawn
        (publish ahead)  (successor signs)   (its last token has expired)

A key is published some time before it signs, so that every guard knows it when its first token arrives, and stays
published until the last token that it signed has expired. Killing it withdraws it at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from gapura_auth.store.signing_keys import StoredKey
from gapura_chassis.clock import Timestamp


class KeyState(StrEnum):
    """Where a key is in its life."""

    PENDING = "pending"
    SIGNING = "signing"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class RotationPolicy:
    """Times of a key's life, in seconds."""

    signs_for: int
    published_ahead: int
    #: the longest life of a token that it signs
    token_lifetime: int


def is_published(key: StoredKey, now: Timestamp) -> bool:
    """Whether the key stands in the JWK Set."""
    return key.killed_at is None and (key.published_until is None or now < key.published_until)


def signing_key(keys: Iterable[StoredKey], algorithm: str, now: Timestamp) -> StoredKey | None:
    """Return the key that signs at this time: the newest whose turn has come.

    None where that one was killed: a key before it does not come back, because it may be withdrawn already.
    """
    newest = _newest_that_had_its_turn(keys, algorithm, now)
    return newest if newest is not None and newest.killed_at is None else None


def state_of(key: StoredKey, keys: Sequence[StoredKey], now: Timestamp) -> KeyState:
    """Return where a key is in its life."""
    if key.killed_at is not None:
        return KeyState.KILLED
    if not is_published(key, now):
        return KeyState.WITHDRAWN
    if key.signs_from > now:
        return KeyState.PENDING
    return KeyState.SIGNING if signing_key(keys, key.algorithm, now) == key else KeyState.RETIRED


@dataclass(frozen=True, slots=True)
class Successor:
    """The key that is to be made next."""

    algorithm: str
    sequence: int
    signs_from: Timestamp
    #: until when the keys before it stay published
    predecessors_until: Timestamp


def due_successor(
    keys: Sequence[StoredKey], algorithm: str, policy: RotationPolicy, now: Timestamp
) -> Successor | None:
    """Return the key that must be made now, if any."""
    line = _line(keys, algorithm, now)
    if not line:
        return _successor(keys, algorithm, policy, signs_from=now)
    turn_ends = line[-1].signs_from + policy.signs_for
    if now < turn_ends - policy.published_ahead:
        return None
    return _successor(keys, algorithm, policy, signs_from=max(turn_ends, now + policy.published_ahead))


def early_successor(keys: Sequence[StoredKey], algorithm: str, policy: RotationPolicy, now: Timestamp) -> Successor:
    """Return the key of a rotation that an operator asks for: published now, signing when everybody knows it."""
    return _successor(keys, algorithm, policy, signs_from=now + policy.published_ahead)


def _successor(
    keys: Sequence[StoredKey], algorithm: str, policy: RotationPolicy, *, signs_from: Timestamp
) -> Successor:
    last = max((key.sequence for key in keys if key.algorithm == algorithm), default=0)
    return Successor(algorithm, last + 1, signs_from, signs_from + policy.token_lifetime)


def next_in_line(keys: Sequence[StoredKey], algorithm: str, now: Timestamp) -> StoredKey | None:
    """Return the key that signs or, where there is none, the one whose turn comes first."""
    return next(iter(_line(keys, algorithm, now)), None)


def publication_ends(
    keys: Sequence[StoredKey], algorithm: str, policy: RotationPolicy, now: Timestamp
) -> Mapping[str, Timestamp | None]:
    """Return until when the signing key and those behind it stay published, by `kid`, after one of them was killed."""
    line = _line(keys, algorithm, now)
    ends: dict[str, Timestamp | None] = {key.kid: None for key in line}
    return ends | {key.kid: after.signs_from + policy.token_lifetime for key, after in pairwise(line)}


def _line(keys: Sequence[StoredKey], algorithm: str, now: Timestamp) -> Sequence[StoredKey]:
    """Return the key that signs and those that wait for their turn, in order."""
    newest = _newest_that_had_its_turn(keys, algorithm, now)
    first = newest.sequence if newest is not None else 0
    line = [key for key in keys if key.algorithm == algorithm and key.sequence >= first and key.killed_at is None]
    return sorted(line, key=lambda key: key.sequence)


def _newest_that_had_its_turn(keys: Iterable[StoredKey], algorithm: str, now: Timestamp) -> StoredKey | None:
    had_their_turn = (key for key in keys if key.algorithm == algorithm and key.signs_from <= _last_moment(key, now))
    return max(had_their_turn, key=lambda key: key.sequence, default=None)


def _last_moment(key: StoredKey, now: Timestamp) -> Timestamp:
    return now if key.killed_at is None else min(now, key.killed_at)
