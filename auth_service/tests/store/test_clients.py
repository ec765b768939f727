"""Registered clients, on both databases."""

import hashlib

import pytest

from gapura_auth.oauth.client_documents import client_of
from gapura_auth.oauth.clients import ClientSecret
from gapura_auth.store.clients import (
    ClientIdIsTaken,
    StoredClient,
    add_secret,
    delete_client,
    find_client,
    find_stored_client,
    insert_client,
    list_clients,
    replace_client,
    replace_secrets,
    rotate_secret,
)

SECRET = ClientSecret(hashlib.sha256(b"one").digest())
OTHER_SECRET = ClientSecret(hashlib.sha256(b"two").digest(), expires_at=500.0)
DOCUMENT = {"redirect_uris": ["https://app.example.com/callback"], "client_name": "Warung", "scope": "openid"}


def client(client_id="warung", secrets=(SECRET,), **members):
    return client_of(client_id, DOCUMENT | members, secrets)


@pytest.fixture
def connection(database):
    with database.write() as connection:
        yield connection


def test_a_client_comes_back_as_it_was_kept(connection):
    stored = StoredClient(client=client(), created_at=1.0, registration_digest=b"d" * 32, policy={"scopes": ["openid"]})
    insert_client(connection, stored)
    assert find_stored_client(connection, "warung") == stored
    assert find_client(connection, "warung") == stored.client
    assert list(list_clients(connection)) == [stored]


def test_an_unknown_client_is_not_found(connection):
    assert find_client(connection, "warung") is None
    assert list(list_clients(connection)) == []


def test_an_identifier_is_given_once(connection):
    insert_client(connection, StoredClient(client=client(), created_at=1.0))
    with pytest.raises(ClientIdIsTaken):
        insert_client(connection, StoredClient(client=client(), created_at=2.0))


def test_the_identifier_of_a_deleted_client_is_never_given_again(connection):
    insert_client(connection, StoredClient(client=client(), created_at=1.0))
    assert delete_client(connection, "warung", 2.0)
    assert not delete_client(connection, "warung", 3.0)
    assert find_client(connection, "warung") is None
    assert list(list_clients(connection)) == []
    with pytest.raises(ClientIdIsTaken):
        insert_client(connection, StoredClient(client=client(), created_at=4.0))


def test_replacing_a_client_keeps_its_secrets(connection):
    insert_client(connection, StoredClient(client=client(), created_at=1.0))
    assert replace_client(connection, client(secrets=(), client_name="Warung Baru"))
    found = find_client(connection, "warung")
    assert found.presentation.name == "Warung Baru"
    assert found.secrets == (SECRET,)
    assert not replace_client(connection, client("another"))


def test_several_clients_keep_their_own_secrets_in_the_order_in_which_they_were_made(connection):
    insert_client(connection, StoredClient(client=client(secrets=(SECRET,)), created_at=1.0))
    insert_client(connection, StoredClient(client=client("bakso", secrets=()), created_at=1.0))
    add_secret(connection, "warung", OTHER_SECRET, 2.0)
    assert [(one.client.id, one.client.secrets) for one in list_clients(connection)] == [
        ("bakso", ()),
        ("warung", (SECRET, OTHER_SECRET)),
    ]


def test_after_a_rotation_the_new_and_the_last_secret_are_valid_and_no_other(connection):
    insert_client(connection, StoredClient(client=client(), created_at=1.0))
    for number in range(2, 6):
        new = ClientSecret(hashlib.sha256(str(number).encode()).digest())
        rotate_secret(connection, "warung", new, now=float(number), until=1000.0)
    secrets = find_client(connection, "warung").secrets
    assert [(secret.digest, secret.expires_at) for secret in secrets] == [
        (hashlib.sha256(b"4").digest(), 1000.0),
        (hashlib.sha256(b"5").digest(), None),
    ]


def test_a_rotation_does_not_prolong_a_secret_and_can_end_it_at_once(connection):
    insert_client(connection, StoredClient(client=client(secrets=(OTHER_SECRET,)), created_at=1.0))
    rotate_secret(connection, "warung", SECRET, now=2.0, until=1000.0)
    assert find_client(connection, "warung").secrets == (OTHER_SECRET, SECRET)
    third = ClientSecret(b"3" * 32)
    rotate_secret(connection, "warung", third, now=3.0, until=3.0)
    assert find_client(connection, "warung").secrets == (third,)


def test_secrets_can_be_replaced(connection):
    insert_client(connection, StoredClient(client=client(), created_at=1.0))
    replace_secrets(connection, client(secrets=(SECRET, OTHER_SECRET)), 2.0)
    assert find_client(connection, "warung").secrets == (SECRET, OTHER_SECRET)
    replace_secrets(connection, client(secrets=()), 3.0)
    assert find_client(connection, "warung").secrets == ()


def test_deleting_a_client_ends_its_sessions_and_nobody_elses(service_on_both):
    service = service_on_both
    tokens = service.tokens()
    with service.database.write() as connection:
        insert_client(connection, StoredClient(client=client("gapura"), created_at=1.0))
        insert_client(connection, StoredClient(client=client("another"), created_at=1.0))
        delete_client(connection, "another", 2.0)
    assert service.get("/me", tokens["access_token"]).status_code == 200
    with service.database.write() as connection:
        delete_client(connection, "gapura", service.clock())
    assert service.get("/me", tokens["access_token"]).status_code == 401
    assert [row.revoked_because for row in service.rows("SELECT revoked_because FROM sessions")] == ["client deleted"]
