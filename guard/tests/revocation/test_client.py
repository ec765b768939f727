import json

import pytest

from gapura.errors import InvalidTokenError, RevocationsUnavailableError, RevokedTokenError
from gapura.fetch import FetchError
from gapura.issuers import SharedSecretIssuer, TrustedIssuer
from gapura.jose import generate_signing_key, shared_secret_key, sign
from gapura.keys import SharedSecret
from gapura.revocation import (
    STATUS_LIST_TYP,
    RevocationLists,
    StatusReference,
    encode_status_list,
    status_list_claims,
)
from gapura.verifier import Verifier

ISSUER = "https://login.example"
URI = f"{ISSUER}/status-lists/1"
REFERENCE = StatusReference(URI, 3)


@pytest.fixture
def publish(world, signing_key, clock):
    """Publishes a list in which these indexes are revoked."""
    versions = iter(range(100))

    def publish(*revoked, uri=URI, key=signing_key, typ=STATUS_LIST_TYP, lifetime=3600, **changes):
        claims = status_list_claims(uri, encode_status_list(revoked, size=16), now=clock(), lifetime=lifetime)
        world.publish(uri, sign(claims | changes, key, typ=typ), etag=f'"{next(versions)}"')

    return publish


@pytest.fixture
def lists(keys, world, clock, inline_worker):
    return RevocationLists(ISSUER, keys, fetch=world, clock=clock, worker=inline_worker)


@pytest.fixture
def check(lists, clock):
    return lambda reference=REFERENCE, **options: lists.check(reference, now=clock(), **options)


def test_a_token_whose_bit_is_not_set_is_good_without_asking_again(check, publish, world):
    publish(4)
    for _ in range(10):
        check()
    assert len(world.asked) == 1


def test_a_token_whose_bit_is_set_is_refused_after_the_next_poll(check, lists, publish):
    publish()
    check(fresh=True)
    publish(3)
    assert lists.poll() == 1
    with pytest.raises(RevokedTokenError, match="Token has been revoked"):
        check()


def test_an_unchanged_list_is_asked_for_by_its_tag_and_stays_fresh(check, lists, publish, world, clock):
    publish()
    check()
    clock.advance(100)
    lists.poll()
    assert world.asked[-1] == (URI, '"0"')
    check(fresh=True)
    assert lists.status().age == 0


def test_while_the_issuer_is_away_the_last_copy_counts_and_fresh_routes_refuse(check, lists, publish, world, clock):
    publish(4)
    check()
    world.break_down(URI)
    clock.advance(10)
    lists.poll()
    check(fresh=True)
    clock.advance(1)
    check()
    with pytest.raises(RevokedTokenError):
        check(StatusReference(URI, 4))
    with pytest.raises(RevocationsUnavailableError):
        check(fresh=True)
    status = lists.status()
    assert (status.is_stale, status.age, status.last_error, status.lists) == (True, 11, "connection refused", 1)


def test_a_list_that_was_never_had_lets_tokens_through_except_on_fresh_routes(check, world, clock):
    for _ in range(20):
        check()
    assert len(world.asked) == 1
    with pytest.raises(RevocationsUnavailableError):
        check(fresh=True)
    clock.advance(1)
    check()
    assert len(world.asked) == 2


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/status-lists/1",
        "http://login.example/status-lists/1",
        "https://login.example.evil.example/1",
        "https://login.example@evil.example/1",
        "https://login.example",
        "https://login.example/../1",
        "https://login.example/a/%2e%2e/1",
        "https://login.example/a/..%5c1",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_nothing_but_the_issuers_own_lists_is_ever_fetched(check, world, uri):
    with pytest.raises(InvalidTokenError, match="not its issuer's"):
        check(StatusReference(uri, 1))
    assert world.asked == []


def test_the_number_of_lists_is_bounded(check, monkeypatch):
    monkeypatch.setattr("gapura.revocation.client.MAX_LISTS", 8)
    for number in range(8):
        check(StatusReference(f"{ISSUER}/status-lists/{number}", 1))
    with pytest.raises(RevocationsUnavailableError):
        check(StatusReference(f"{ISSUER}/status-lists/8", 1))


def test_an_issuer_that_hangs_does_not_hold_up_all_lists_for_ever(keys, clock, inline_worker):
    asked = []

    def hang(url, *, etag=None):
        asked.append((url, etag))
        clock.advance(3)
        raise FetchError("it took too long")

    lists = RevocationLists(ISSUER, keys, fetch=hang, clock=clock, worker=inline_worker)
    for number in range(6):
        lists.check(StatusReference(f"{ISSUER}/{number}", 1), now=clock())
    asked.clear()
    lists.poll()
    lists.poll()
    lists.poll()
    assert sorted(url for url, _ in asked) == [f"{ISSUER}/{number}" for number in range(6)]


def test_lists_that_no_token_names_any_more_are_forgotten(check, lists, publish, clock):
    publish()
    check()
    lists.poll()
    clock.advance(3600)
    check()
    lists.poll()
    clock.advance(3600)
    lists.poll()
    assert lists.status().lists == 1
    clock.advance(1)
    lists.poll()
    status = lists.status()
    assert (status.lists, status.age, status.is_stale) == (0, None, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"typ": "jwt"},
        {"typ": "at+jwt"},
        {"key": generate_signing_key("ES256", kid="key-1")},
        {"key": generate_signing_key("ES256", kid="stranger")},
        {"key": shared_secret_key("x" * 32)},
        {"lifetime": 0},
        {"sub": f"{ISSUER}/status-lists/2"},
        {"iat": 0},
        {"status_list": {"bits": 1, "lst": "AAAA"}},
    ],
)
def test_a_list_that_is_not_the_issuers_newest_replaces_nothing(check, lists, publish, clock, wrong):
    publish(3)
    with pytest.raises(RevokedTokenError):
        check()
    publish(**wrong)
    lists.poll()
    with pytest.raises(RevokedTokenError):
        check()
    assert lists.status().last_error
    clock.advance(11)
    assert lists.status().is_stale


def test_a_list_that_expires_is_stale_even_if_it_is_unchanged(check, lists, publish, clock):
    publish(lifetime=30)
    check(fresh=True)
    clock.advance(31)
    lists.poll()
    with pytest.raises(RevocationsUnavailableError):
        check(fresh=True)


def test_an_index_outside_of_the_list_is_refused(check, publish):
    publish()
    with pytest.raises(InvalidTokenError, match="outside"):
        check(StatusReference(URI, 16))


def test_each_change_is_one_line_in_the_log(check, lists, publish, world, caplog):
    caplog.set_level("INFO", "gapura.revocation")
    publish()
    check()
    world.break_down(URI)
    lists.poll()
    lists.poll()
    publish()
    lists.poll()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_the_status_can_be_written_as_json(check, lists, publish):
    publish()
    check()
    assert json.loads(json.dumps(lists.status().as_dict())) == {
        "issuer": ISSUER, "lists": 1, "age": 0, "stale": False, "memory": 2, "last_error": None,
    }  # fmt: skip
    assert RevocationLists.status


def test_a_revoked_session_is_refused_although_its_token_was_verified_before(keys, lists, publish, make_token, clock):
    verifier = Verifier([TrustedIssuer(ISSUER, "shop", keys, lists)], clock=clock)
    token = make_token(status={"status_list": {"idx": 3, "uri": URI}})
    publish()
    assert verifier.verify(token, fresh=True)
    publish(3)
    lists.poll()
    for _ in range(2):
        with pytest.raises(RevokedTokenError):
            verifier.verify(token)
    assert verifier.revocation_statuses()[0].lists == 1


def test_where_revocations_are_not_followed_nothing_is_fresh(keys, make_token, clock):
    verifier = Verifier([TrustedIssuer(ISSUER, "shop", keys)], clock=clock)
    assert verifier.verify(make_token(status={"status_list": {"idx": 3, "uri": URI}}))
    with pytest.raises(RevocationsUnavailableError):
        verifier.verify(make_token(), fresh=True)
    assert verifier.revocation_statuses() == ()


def test_a_token_that_cannot_be_revoked_is_always_fresh(keys, lists, make_token, clock):
    verifier = Verifier([TrustedIssuer(ISSUER, "shop", keys, lists)], clock=clock)
    assert verifier.verify(make_token(), fresh=True)


def test_a_shared_secret_knows_no_revocation(clock):
    verifier = Verifier([SharedSecretIssuer(SharedSecret("x" * 32))], clock=clock)
    now = int(clock())
    token = sign({"sub": "ani", "iat": now, "exp": now + 9, "type": "access"}, shared_secret_key("x" * 32), typ="JWT")
    with pytest.raises(RevocationsUnavailableError):
        verifier.verify(token, fresh=True)
