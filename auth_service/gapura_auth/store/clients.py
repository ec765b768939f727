"""Registered clients and their secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gapura_auth.oauth.client_documents import Document, client_of, document_of
from gapura_auth.oauth.clients import Client, ClientSecret
from gapura_auth.store.tables import client_secrets, clients, consents, sessions
from gapura_chassis.clock import Timestamp


class ClientIdIsTaken(Exception):
    """There is, or was, a client with this identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClient:
    """A client, and what is kept about its registration."""

    client: Client
    created_at: Timestamp
    #: of the token that it is managed with (RFC 7592); None where only operators manage it
    registration_digest: bytes | None = None
    #: what such a registration may say, as JSON
    policy: Document | None = None


def insert_client(connection: Connection, stored: StoredClient) -> None:
    """Keep a new client with its secrets.

    Raises:
        ClientIdIsTaken: when the identifier belongs to a client already, or belonged to one that was deleted.

    """
    values = {
        "id": stored.client.id,
        "metadata": _json(document_of(stored.client)),
        "registration_digest": stored.registration_digest,
        "policy": _json(stored.policy) if stored.policy is not None else None,
        "created_at": stored.created_at,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(clients).values(values))
    except IntegrityError as error:
        raise ClientIdIsTaken from error
    for secret in stored.client.secrets:
        add_secret(connection, stored.client.id, secret, stored.created_at)


def find_client(connection: Connection, client_id: str) -> Client | None:
    """Return the client with this identifier, unless it was deleted."""
    stored = find_stored_client(connection, client_id)
    return stored.client if stored is not None else None


def find_stored_client(connection: Connection, client_id: str) -> StoredClient | None:
    """Return the client with this identifier and what is kept about its registration, unless it was deleted."""
    found = _select(connection, clients.c.id == client_id)
    return found[0] if found else None


def list_clients(connection: Connection) -> Sequence[StoredClient]:
    """Return every client, by identifier."""
    return _select(connection)


def replace_client(connection: Connection, client: Client) -> bool:
    """Keep another registration document for a client; its secrets stay. False when there is no such client."""
    present = (clients.c.id == client.id) & clients.c.deleted_at.is_(None)
    statement = update(clients).where(present).values(metadata=_json(document_of(client)))
    return connection.execute(statement).rowcount == 1


def delete_client(connection: Connection, client_id: str, now: Timestamp) -> bool:
    """Delete a client: its secrets and consents go, its sessions end. False when there is no such client."""
    present = (clients.c.id == client_id) & clients.c.deleted_at.is_(None)
    statement = update(clients).where(present).values(deleted_at=now, registration_digest=None)
    if connection.execute(statement).rowcount != 1:
        return False
    connection.execute(delete(client_secrets).where(client_secrets.c.client_id == client_id))
    connection.execute(delete(consents).where(consents.c.client_id == client_id))
    live = (sessions.c.client_id == client_id) & sessions.c.revoked_at.is_(None)
    connection.execute(update(sessions).where(live).values(revoked_at=now, revoked_because="client deleted"))
    return True


def add_secret(connection: Connection, client_id: str, secret: ClientSecret, now: Timestamp) -> None:
    """Keep one more secret of a client."""
    values = {"client_id": client_id, "digest": secret.digest, "created_at": now, "expires_at": secret.expires_at}
    connection.execute(insert(client_secrets).values(values))


def replace_secrets(connection: Connection, client: Client, now: Timestamp) -> None:
    """Let a client have the secrets of this value and no others."""
    present = client_secrets.c.client_id == client.id
    kept = [secret.digest for secret in client.secrets]
    connection.execute(delete(client_secrets).where(present, client_secrets.c.digest.not_in(kept)))
    known = set(connection.execute(select(client_secrets.c.digest).where(present)).scalars())
    for secret in client.secrets:
        if secret.digest not in known:
            add_secret(connection, client.id, secret, now)


def rotate_secret(
    connection: Connection, client_id: str, secret: ClientSecret, now: Timestamp, until: Timestamp
) -> None:
    """Give a client a new secret; of the present ones only the newest stays valid, until the given time at most."""
    own = client_secrets.c.client_id == client_id
    newest = select(client_secrets.c.digest).where(own).order_by(client_secrets.c.created_at.desc()).limit(1)
    digest = connection.execute(newest).scalar()
    connection.execute(delete(client_secrets).where(own, client_secrets.c.digest != digest))
    later = client_secrets.c.expires_at.is_(None) | (client_secrets.c.expires_at > until)
    connection.execute(update(client_secrets).where(own, later).values(expires_at=until))
    connection.execute(delete(client_secrets).where(own, client_secrets.c.expires_at <= now))
    add_secret(connection, client_id, secret, now)


def _select(connection: Connection, *conditions: ColumnElement[bool]) -> list[StoredClient]:
    """Read clients with their secrets in one query."""
    query = (
        select(clients, client_secrets.c.digest, client_secrets.c.expires_at)
        .outerjoin(client_secrets, client_secrets.c.client_id == clients.c.id)
        .where(clients.c.deleted_at.is_(None), *conditions)
        .order_by(clients.c.id, client_secrets.c.created_at, client_secrets.c.digest)
    )
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.id, []).append(row)
    return [_stored(of_one) for of_one in rows.values()]


def _stored(rows: Sequence[Row[Any]]) -> StoredClient:
    first = rows[0]
    secrets = tuple(ClientSecret(row.digest, row.expires_at) for row in rows if row.digest is not None)
    return StoredClient(
        client=client_of(first.id, orjson.loads(first.metadata), secrets),
        created_at=first.created_at,
        registration_digest=first.registration_digest,
        policy=orjson.loads(first.policy) if first.policy is not None else None,
    )


def _json(document: Document) -> str:
    return orjson.dumps(document).decode()
