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
    expire_secrets,
    find_client,
    find_stored_client,
    insert_client,
    list_clients,
    replace_client,
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


def test_present_secrets_expire_when_told_or_sooner_and_expired_ones_are_forgotten(connection):
    insert_client(connection, StoredClient(client=client(secrets=(SECRET, OTHER_SECRET)), created_at=1.0))
    expire_secrets(connection, "warung", at=1000.0, now=100.0)
    assert {secret.expires_at for secret in find_client(connection, "warung").secrets} == {500.0, 1000.0}
    expire_secrets(connection, "warung", at=2000.0, now=700.0)
    assert [secret.expires_at for secret in find_client(connection, "warung").secrets] == [1000.0]


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
