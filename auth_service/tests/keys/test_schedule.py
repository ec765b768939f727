"""The life of keys, checked at every moment of histories that hypothesis makes up."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from gapura_auth.credentials import MasterKey
from gapura_auth.keys.rotation import KeyRotation
from gapura_auth.keys.schedule import (
    KeyState,
    RotationPolicy,
    Successor,
    due_successor,
    early_successor,
    is_published,
    publication_ends,
    signing_key,
    state_of,
)
from gapura_auth.store.signing_keys import StoredKey, list_keys
from gapura_auth.store.tables import audit_events, signing_keys

ES256 = "ES256"
POLICY = RotationPolicy(signs_for=7200, published_ahead=600, token_lifetime=300)


def key(sequence, signs_from, *, published_until=None, killed_at=None, algorithm=ES256):
    return StoredKey(
        kid=f"{algorithm}-{sequence}",
        algorithm=algorithm,
        sequence=sequence,
        public_jwk="{}",
        sealed_private_jwk=b"",
        published_at=signs_from - 600,
        signs_from=signs_from,
        published_until=published_until,
        killed_at=killed_at,
    )


def test_the_first_key_signs_at_once():
    assert due_successor([], ES256, POLICY, 50.0) == Successor(ES256, 1, 50.0, 350.0)


@pytest.mark.parametrize(
    ("now", "successor"),
    [
        (0.0, None),
        (6599.0, None),
        (6600.0, Successor(ES256, 2, 7200.0, 7500.0)),
        (7000.0, Successor(ES256, 2, 7600.0, 7900.0)),  # late: the turn is prolonged, never the notice shortened
        (99_000.0, Successor(ES256, 2, 99_600.0, 99_900.0)),
    ],
)
def test_a_successor_is_made_so_long_before_it_signs(now, successor):
    assert due_successor([key(1, 0.0)], ES256, POLICY, now) == successor


def test_no_second_successor_is_made_while_one_waits():
    assert due_successor([key(1, 0.0), key(2, 7200.0)], ES256, POLICY, 7000.0) is None


def test_algorithms_have_lives_of_their_own():
    keys = [key(1, 0.0), key(1, 0.0, algorithm="RS256")]
    assert signing_key(keys, "RS256", 1.0) == keys[1]
    assert due_successor(keys[:1], "RS256", POLICY, 1.0) == Successor("RS256", 1, 1.0, 301.0)


def test_an_operator_can_ask_for_a_successor_at_any_time():
    assert early_successor([key(1, 0.0)], ES256, POLICY, 10.0) == Successor(ES256, 2, 610.0, 910.0)


def test_an_old_key_never_comes_back_when_the_one_that_signs_is_killed():
    keys = [key(1, 0.0, published_until=7500.0), key(2, 7200.0, killed_at=7300.0)]
    assert signing_key(keys, ES256, 7300.0) is None
    assert due_successor(keys, ES256, POLICY, 7300.0) == Successor(ES256, 3, 7300.0, 7600.0)


def test_when_the_key_that_waits_is_killed_the_one_that_signs_stays_published():
    keys = [key(1, 0.0, published_until=7500.0), key(2, 7200.0, killed_at=7000.0)]
    assert signing_key(keys, ES256, 7000.0) == keys[0]
    assert publication_ends(keys, ES256, POLICY, 7000.0) == {"ES256-1": None}


def test_a_key_that_was_overtaken_before_its_turn_never_signs():
    # published long ahead under an old policy, then overtaken by one that an operator asked for under a new one
    keys = [key(1, 0.0), key(2, 5000.0), key(3, 1000.0)]
    assert [signing_key(keys, ES256, now).sequence for now in (999.0, 1000.0, 6000.0)] == [1, 3, 3]
    assert due_successor(keys, ES256, POLICY, 2000.0) is None


@pytest.mark.parametrize(
    ("now", "states"),
    [
        (0.0, ["signing", "pending"]),
        (7199.9, ["signing", "pending"]),
        (7200.0, ["retired", "signing"]),
        (7499.9, ["retired", "signing"]),
        (7500.0, ["withdrawn", "signing"]),
    ],
)
def test_a_key_goes_through_its_states_in_order(now, states):
    keys = [key(1, 0.0, published_until=7500.0), key(2, 7200.0)]
    assert [state_of(each, keys, now) for each in keys] == states


def test_a_killed_key_is_nothing_else_any_more():
    killed = key(1, 0.0, killed_at=5.0)
    assert state_of(killed, [killed], 10.0) is KeyState.KILLED
    assert not is_published(killed, 10.0)


# histories


@dataclass
class History:
    """A database that lives through a history; every moment of it is examined."""

    database: object
    now: float = 1_000_000.0
    last_signed: dict[str, float] = field(default_factory=dict)
    first_signed: dict[str, float] = field(default_factory=dict)
    promoted: set[str] = field(default_factory=set)

    @property
    def rotation(self):
        return KeyRotation(self.database, MasterKey(bytes(32)), POLICY, (ES256,), lambda: self.now)

    def keys(self):
        with self.database.read() as connection:
            return list_keys(connection)

    def live_through(self, seconds: float) -> None:
        end = self.now + seconds
        for moment in self._moments(end):
            self.now = moment
            self.examine()

    def _moments(self, end: float) -> Iterator[float]:
        turns = {each.signs_from for each in self.keys()} | {each.published_until or 0.0 for each in self.keys()}
        near = {turn + shift for turn in turns for shift in (-0.001, 0.0, 0.001)}
        return iter(sorted(moment for moment in {*near, end} if self.now <= moment <= end))

    def examine(self) -> None:
        keys = self.keys()
        signing = [each for each in keys if state_of(each, keys, self.now) is KeyState.SIGNING]
        assert len(signing) == 1
        assert signing == [signing_key(keys, ES256, self.now)]
        kid = signing[0].kid
        if kid not in self.first_signed:
            self.first_signed[kid] = self.now
            ahead = signing[0].signs_from - signing[0].published_at
            assert ahead >= POLICY.published_ahead or kid in self.promoted or signing[0].sequence == 1
        self.last_signed[kid] = self.now
        for each in keys:
            tokens_live_until = self.last_signed.get(each.kid, float("-inf")) + POLICY.token_lifetime
            if each.killed_at is None and self.now < tokens_live_until:
                assert is_published(each, self.now)

    def kill(self, state: KeyState) -> None:
        keys = self.keys()
        victims = [each for each in keys if state_of(each, keys, self.now) is state]
        if victims:
            self.rotation.kill(victims[0].kid, "test")
            after = signing_key(self.keys(), ES256, self.now)
            assert after is not None
            if state is KeyState.SIGNING:
                self.promoted.add(after.kid)


STEPS = st.one_of(
    st.tuples(st.just("live"), st.sampled_from([0.5, 30.0, 300.0, 599.0, 601.0, 3600.0, 7200.0, 20_000.0])),
    st.tuples(st.just("chores"), st.none()),
    st.tuples(st.just("rotate"), st.none()),
    st.tuples(st.just("kill"), st.sampled_from([KeyState.SIGNING, KeyState.PENDING, KeyState.RETIRED])),
)


@pytest.fixture
def empty(migrated, sqlite_url):
    with closing(migrated(sqlite_url)) as database:
        yield database


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_at_every_moment_one_key_signs_and_every_live_token_can_be_verified(empty, steps):
    with empty.write() as connection:
        connection.execute(delete(signing_keys))
        connection.execute(delete(audit_events))
    history = History(empty)
    history.rotation.rotate_if_due()
    for step, detail in steps:
        if step == "live":
            history.live_through(detail)
        elif step == "chores":
            history.rotation.rotate_if_due()
        elif step == "rotate":
            history.rotation.rotate_now("test")
        else:
            history.kill(detail)
        history.examine()
