import json

import pytest

from gapura.errors import ConfigurationError, KeysUnavailableError
from gapura.jose import generate_signing_key
from gapura.keys import KeySetState, RefreshSchedule, RemoteKeySet
from gapura.keys.disk_copy import DiskCopy

URL = "https://login.example/.well-known/jwks.json"


def jwks(*keys):
    return json.dumps({"keys": [key.public_jwk() for key in keys]})


@pytest.fixture(scope="module")
def second_key():
    return generate_signing_key("ES256", kid="key-2")


@pytest.fixture
def key_set(world, clock, inline_worker):
    return RemoteKeySet(URL, fetch=world, clock=clock, worker=inline_worker)


@pytest.fixture
def published(world, signing_key):
    world.publish(URL, jwks(signing_key), etag='"1"')


@pytest.mark.usefixtures("published")
def test_the_first_request_fetches_the_keys_and_the_next_reads_memory(key_set, world, signing_key):
    assert key_set.find("key-1") == signing_key.verification_key
    assert key_set.find("key-1") is key_set.find(None)
    assert world.asked == [(URL, None)]
    status = key_set.status()
    assert (status.state, status.keys, status.age, status.last_error) == (KeySetState.FRESH, 1, 0, None)
    assert status.is_ready


@pytest.mark.usefixtures("published")
def test_an_unchanged_set_is_asked_for_by_its_tag_and_keeps_its_keys(key_set, world, clock):
    key = key_set.find("key-1")
    clock.advance(60)
    assert key_set.refresh() == 60
    assert world.asked[-1] == (URL, '"1"')
    assert key_set.find("key-1") is key
    assert key_set.status().age == 0


@pytest.mark.usefixtures("published")
def test_a_key_that_is_no_longer_published_is_gone_after_the_next_refresh(key_set, world, signing_key, second_key):
    assert key_set.find("key-1")
    world.publish(URL, jwks(second_key), etag='"2"')
    key_set.refresh()
    assert key_set.find("key-2")
    assert key_set.find("key-1") is None
    assert key_set.find(None) == second_key.verification_key
    world.publish(URL, jwks(second_key, signing_key), etag='"3"')
    key_set.refresh()
    assert key_set.find(None) is None


@pytest.mark.usefixtures("published")
def test_an_unknown_key_is_looked_for_once_in_a_cooldown(key_set, world, clock, second_key):
    key_set.find("key-1")
    for number in range(100):
        assert key_set.find(f"made-up-{number}") is None
    assert len(world.asked) == 2
    world.publish(URL, jwks(second_key), etag='"2"')
    assert key_set.find("key-2") is None
    clock.advance(10)
    assert key_set.find("key-2") == second_key.verification_key
    assert len(world.asked) == 3


@pytest.mark.usefixtures("published")
def test_known_keys_outlive_an_issuer_that_is_away_and_not_for_ever(key_set, world, clock):
    key = key_set.find("key-1")
    world.break_down(URL)
    clock.advance(60)
    assert key_set.refresh() == 0.5
    clock.advance(23 * 3600)
    assert key_set.find("key-1") is key
    status = key_set.status()
    assert (status.state, status.keys, status.last_error) == (KeySetState.STALE, 1, "connection refused")
    clock.advance(3600)
    with pytest.raises(KeysUnavailableError):
        key_set.find("key-1")
    assert key_set.status().state is KeySetState.EMPTY
    assert not key_set.status().is_ready


def test_pauses_grow_while_the_issuer_is_away(key_set):
    pauses = [key_set.refresh() for _ in range(200)]
    assert pauses[:8] == [0.5, 1, 2, 4, 8, 16, 32, 60]
    assert pauses[-1] == 60


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "document",
    [b"", b"{}", b'{"keys":[]}', b"<html>", b'{"keys":[{"kty":"oct","k":"' + b"A" * 43 + b'"}]}', b"[" * 100_000,
     b'{"keys":[],"keys":[]}'],
)  # fmt: skip
def test_a_broken_or_empty_set_replaces_nothing(key_set, world, document):
    key = key_set.find("key-1")
    world.publish(URL, document)
    key_set.refresh()
    assert key_set.find("key-1") is key
    assert key_set.status().state is KeySetState.STALE


def test_without_any_keys_one_request_in_each_pause_tries_and_all_are_told(key_set, world, clock, signing_key):
    for _ in range(50):
        with pytest.raises(KeysUnavailableError):
            key_set.find("key-1")
    assert len(world.asked) == 1
    world.publish(URL, jwks(signing_key))
    clock.advance(0.5)
    assert key_set.find("key-1")


def test_each_change_is_one_line_in_the_log(key_set, world, signing_key, caplog):
    caplog.set_level("INFO", "gapura.keys")
    key_set.refresh()
    key_set.refresh()
    world.publish(URL, jwks(signing_key), etag='"1"')
    key_set.refresh()
    key_set.refresh()
    world.break_down(URL)
    key_set.refresh()
    key_set.refresh()
    world.publish(URL, jwks(signing_key), etag='"1"')
    key_set.refresh()
    assert [record.getMessage().removeprefix(f"Keys of {URL}") for record in caplog.records] == [
        " are empty: no such host",
        ": key-1",
        " are stale: connection refused",
        " can be fetched again.",
    ]


def test_a_process_that_starts_while_the_issuer_is_away_uses_the_copy_on_disk(
    world, clock, inline_worker, signing_key, tmp_path
):
    def start():
        return RemoteKeySet(
            URL, disk_copy=DiskCopy(tmp_path / "state" / "keys.json"), fetch=world, clock=clock, worker=inline_worker
        )

    world.publish(URL, jwks(signing_key))
    start().find("key-1")
    world.break_down(URL)
    clock.advance(3600)
    later = start()
    assert later.find("key-1") == signing_key.verification_key
    status = later.status()
    assert (status.state, status.age) == (KeySetState.STORED, 3600)
    later.refresh()
    assert later.status().state is KeySetState.STORED
    clock.advance(24 * 3600)
    with pytest.raises(KeysUnavailableError):
        start().find("key-1")


def test_a_stored_set_that_is_broken_is_ignored(world, clock, inline_worker, tmp_path):
    copy = DiskCopy(tmp_path / "keys.json")
    copy.save(URL, b'{"keys":[]}', clock())
    key_set = RemoteKeySet(URL, disk_copy=copy, fetch=world, clock=clock, worker=inline_worker)
    with pytest.raises(KeysUnavailableError):
        key_set.find("key-1")


def test_starting_early_fetches_before_the_first_request(key_set, world):
    key_set.start()
    assert len(world.asked) == 1


def test_a_status_can_be_written_as_json(key_set):
    key_set.refresh()
    assert json.loads(json.dumps(key_set.status().as_dict())) == {
        "url": URL, "state": "empty", "keys": 0, "age": None, "last_error": "no such host",
    }  # fmt: skip


@pytest.mark.parametrize("url", ["", "login.example/jwks.json", "file:///etc/passwd", "ftp://login.example/jwks.json"])
def test_an_address_that_is_not_on_the_web_is_refused(url):
    with pytest.raises(ConfigurationError):
        RemoteKeySet(url)


def test_a_schedule_is_a_value():
    assert RefreshSchedule(every=30) == RefreshSchedule(every=30)
