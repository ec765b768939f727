"""Rotation over real databases: safe with many processes at once, and with no private key in sight."""

from contextlib import closing
from dataclasses import replace

import orjson
import pytest

from gapura import InvalidTokenError, StaticKeySet, TrustedIssuer, Verifier
from gapura.jose import SigningKey, parse_compact, verify_signature
from gapura_auth.credentials import MasterKey
from gapura_auth.keys.key_ring import KeyRing, NoSigningKey
from gapura_auth.keys.rotation import FORGET_AFTER, KeyRotation, UnknownKey
from gapura_auth.keys.schedule import RotationPolicy, signing_key, state_of
from gapura_auth.store.signing_keys import add_key, list_keys
from gapura_chassis.settings import ConfigurationError

POLICY = RotationPolicy(signs_for=7200, published_ahead=600, token_lifetime=300)
MASTER_KEY = MasterKey(bytes(32))
ISSUER, AUDIENCE = "http://127.0.0.1:5000", "gapura"


@pytest.fixture
def rotation(database, clock):
    return KeyRotation(database, MASTER_KEY, POLICY, ("ES256",), clock)


@pytest.fixture
def ring(database, clock):
    return KeyRing(database, MASTER_KEY, "ES256", clock)


def keys_in(database):
    with database.read() as connection:
        return list(list_keys(connection))


def states_in(database, clock):
    keys = keys_in(database)
    return [state_of(key, keys, clock()).value for key in keys]


def actions_in(database):
    from sqlalchemy import text  # noqa: PLC0415 -- beside its only use

    with database.read() as connection:
        return list(connection.execute(text("SELECT action FROM audit_events ORDER BY id")).scalars())


def test_nothing_is_made_before_its_time(rotation, database, clock):
    assert rotation.rotate_if_due() == 1
    assert rotation.rotate_if_due() == 0
    clock.advance(6599)
    assert rotation.rotate_if_due() == 0
    clock.advance(1)
    assert rotation.rotate_if_due() == 1
    assert states_in(database, clock) == ["signing", "pending"]
    clock.advance(600)
    assert states_in(database, clock) == ["retired", "signing"]
    clock.advance(300)
    assert states_in(database, clock) == ["withdrawn", "signing"]


def test_many_processes_at_once_make_one_key(database_url, migrated, clock, at_once):
    with closing(migrated(database_url)) as first, closing(migrated(database_url)) as second:
        rotations = [KeyRotation(each, MASTER_KEY, POLICY, ("ES256",), clock) for each in (first, second)]
        for after in (0, 6600):
            clock.advance(after)
            assert sum(at_once(16, lambda number: rotations[number % 2].rotate_if_due())) == 1
        assert [key.sequence for key in keys_in(first)] == [1, 2]
        assert actions_in(first) == ["key.published"] * 2


def test_a_kill_and_a_rotation_at_once_leave_one_key_that_signs(database_url, migrated, clock, at_once):
    with closing(migrated(database_url)) as database:
        rotation = KeyRotation(database, MASTER_KEY, POLICY, ("ES256",), clock)
        rotation.rotate_if_due()
        for _ in range(5):
            clock.advance(6600)
            signing = signing_key(keys_in(database), "ES256", clock())
            at_once(2, lambda number, kid=signing.kid: rotation.kill(kid, "t") if number else rotation.rotate_if_due())
            assert states_in(database, clock).count("signing") == 1
            clock.advance(1200)


def test_keys_that_nobody_can_need_are_forgotten(rotation, database, clock):
    rotation.rotate_if_due()
    first = keys_in(database)[0].kid
    rotation.rotate_now("test")
    clock.advance(600 + 300 + FORGET_AFTER + 1)
    rotation.rotate_if_due()
    assert first not in {key.kid for key in keys_in(database)}


def test_a_killed_key_that_signs_is_replaced_at_once(rotation, ring, database, clock):
    rotation.rotate_if_due()
    killed = keys_in(database)[0].kid
    rotation.kill(killed, "test")
    assert states_in(database, clock) == ["killed", "signing"]
    assert ring.find(killed) is None
    assert ring.sign({"iss": ISSUER}, typ="at+jwt")
    assert actions_in(database) == ["key.published", "key.killed", "key.published"]


def test_a_killed_key_that_signs_is_replaced_by_the_one_that_waits(rotation, database, clock):
    rotation.rotate_if_due()
    rotation.rotate_now("test")
    rotation.kill(keys_in(database)[0].kid, "test")
    assert states_in(database, clock) == ["killed", "signing"]
    assert len(keys_in(database)) == 2


def test_a_killed_key_that_waits_leaves_the_one_that_signs_as_it_was(rotation, database, clock):
    rotation.rotate_if_due()
    rotation.rotate_now("test")
    rotation.kill(keys_in(database)[1].kid, "test")
    clock.advance(5000)  # long after the killed one would have taken over
    assert states_in(database, clock) == ["signing", "killed"]
    clock.advance(1600)
    assert rotation.rotate_if_due() == 1
    assert states_in(database, clock) == ["signing", "killed", "pending"]


def test_a_killed_key_that_is_retired_is_withdrawn_and_nothing_else_happens(rotation, ring, database, clock):
    rotation.rotate_if_due()
    rotation.rotate_now("test")
    clock.advance(600)
    old = keys_in(database)[0].kid
    assert ring.find(old) is not None
    rotation.kill(old, "test")
    clock.advance(1)
    assert ring.find(old) is None
    assert states_in(database, clock) == ["killed", "signing"]


def test_killing_after_a_rotation_never_brings_a_withdrawn_key_back(rotation, ring, database, clock):
    rotation.rotate_if_due()
    rotation.rotate_now("test")
    clock.advance(2000)
    assert states_in(database, clock) == ["withdrawn", "signing"]
    rotation.kill(keys_in(database)[1].kid, "test")
    assert states_in(database, clock) == ["withdrawn", "killed", "signing"]
    assert orjson.loads(ring.published().content)["keys"][0]["kid"] == keys_in(database)[2].kid


def test_a_key_is_killed_once(rotation, database):
    rotation.rotate_if_due()
    kid = keys_in(database)[0].kid
    rotation.kill(kid, "test")
    for unknown in (kid, "no such key"):
        with pytest.raises(UnknownKey):
            rotation.kill(unknown, "test")


def test_private_keys_are_never_in_the_clear(rotation, ring, database):
    made = []
    rotation.rotate_if_due()
    for row in keys_in(database):
        private = orjson.loads(MASTER_KEY.open(row.sealed_private_jwk, row.kid.encode()))
        made.append(private["d"])
        assert "d" not in orjson.loads(row.public_jwk)
        assert private["d"].encode() not in row.sealed_private_jwk
    assert made
    for secret in made:
        assert secret.encode() not in ring.published().content
        assert all(secret not in repr(row) for row in keys_in(database))


def test_another_master_key_is_refused_with_a_sentence_that_says_what_to_do(rotation, database, clock):
    rotation.rotate_if_due()
    ring = KeyRing(database, MasterKey(bytes(31) + b"x"), "ES256", clock)
    with pytest.raises(ConfigurationError, match=r"encrypted under another one.*keys kill"):
        ring.sign({}, typ="at+jwt")
    assert orjson.loads(ring.published().content)["keys"]  # what others signed can still be verified


def test_without_any_key_nothing_is_signed(ring):
    with pytest.raises(NoSigningKey):
        ring.sign({}, typ="at+jwt")


def test_a_killed_key_is_out_of_use_in_every_process_within_a_second(rotation, ring, database, clock):
    rotation.rotate_if_due()
    kid = keys_in(database)[0].kid
    assert ring.find(kid) is not None
    rotation.kill(kid, "test")
    clock.advance(1)
    assert ring.find(kid) is None
    assert ring.find(None) is None


def test_a_successor_that_is_there_already_is_not_stored_twice(rotation, database):
    rotation.rotate_if_due()
    twin = replace(keys_in(database)[0], kid="twin")
    with database.write() as connection:
        assert not add_key(connection, twin, retire_others_at=0.0)
        assert [key.published_until for key in list_keys(connection)] == [None]


def test_through_twenty_rotations_every_token_is_judged_rightly_by_a_guard(migrated, sqlite_url, clock):
    """A guard that fetches once a minute, and an issuer whose chores run every other: no wrong answer, ever."""
    with closing(migrated(sqlite_url)) as database:
        _live_through_twenty_rotations(database, clock)


def _live_through_twenty_rotations(database, clock):
    ring = KeyRing(database, MASTER_KEY, "ES256", clock)
    often = RotationPolicy(signs_for=1200, published_ahead=600, token_lifetime=300)
    rotation = KeyRotation(database, MASTER_KEY, often, ("ES256",), clock)
    rotation.rotate_if_due()
    made: list[tuple[str, float]] = []
    wrong = judged = 0
    while len(keys_in(database)) < 22:
        rotation.rotate_if_due()
        clock.advance(60)
        guard = _guard(ring, clock)  # fetches the set as it is now, and keeps it for a minute
        for _ in range(3):
            clock.advance(20)
            made.append((_token(ring, clock), clock() + POLICY.token_lifetime))
            made = [(token, expires) for token, expires in made if expires > clock() - 60]
            for token, expires in made:
                judged += 1
                wrong += _accepts(guard, token) != (clock() < expires)
    assert wrong == 0
    assert judged > 1000


def _token(ring, clock):
    now = int(clock())
    claims = {"iss": ISSUER, "sub": "a", "aud": AUDIENCE, "client_id": "c", "iat": now, "exp": now + 300, "jti": "1"}
    return ring.sign(claims, typ="at+jwt")


def _guard(ring, clock):
    return Verifier(
        [TrustedIssuer(ISSUER, AUDIENCE, StaticKeySet(orjson.loads(ring.published().content)))], clock=clock
    )


def _accepts(guard, token):
    try:
        guard.verify(token)
    except InvalidTokenError:
        return False
    return True


def test_what_is_kept_opens_to_the_key_that_is_published(rotation, database):
    rotation.rotate_if_due()
    row = keys_in(database)[0]
    private = SigningKey.from_jwk(orjson.loads(MASTER_KEY.open(row.sealed_private_jwk, row.kid.encode())))
    assert private.public_jwk() == orjson.loads(row.public_jwk)


def test_each_algorithm_has_keys_and_a_rhythm_of_its_own(database, clock):
    algorithms = ("ES256", "EdDSA", "ES384")
    rotation = KeyRotation(database, MASTER_KEY, POLICY, algorithms, clock)
    assert rotation.rotate_if_due() == 3
    ring = KeyRing(database, MASTER_KEY, "ES256", clock)
    for algorithm in (*algorithms, "ES256"):  # and back again: an opened key stays open
        jws = parse_compact(ring.sign_with(algorithm, {"sub": "a"}, typ="JWT"))
        assert jws.header.alg == algorithm
        verify_signature(jws, ring.find(jws.header.kid))
    assert parse_compact(ring.sign({"sub": "a"}, typ="at+jwt")).header.alg == "ES256"
    with pytest.raises(NoSigningKey, match="PS256"):
        ring.sign_with("PS256", {}, typ="JWT")


def test_a_key_that_was_forgotten_is_not_kept_open(database, clock):
    rotation = KeyRotation(database, MASTER_KEY, POLICY, ("ES256", "EdDSA"), clock)
    rotation.rotate_if_due()
    ring = KeyRing(database, MASTER_KEY, "ES256", clock)
    first = parse_compact(ring.sign({}, typ="JWT")).header.kid
    clock.advance(6600)
    rotation.rotate_if_due()
    clock.advance(FORGET_AFTER + 7200)
    rotation.rotate_if_due()
    ring.sign({}, typ="JWT")
    ring.sign_with("EdDSA", {}, typ="JWT")
    assert first not in ring._opened  # noqa: SLF001 -- how long private keys stay in memory shows nowhere else
    assert len(ring._opened) == 2  # noqa: SLF001 -- likewise
