"""What operators do with clients; every change stands in the audit log."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.accounts.sessions import FIRST_PARTY_CLIENT
from gapura_auth.clients.errors import HasNoSecret, IdentifierIsTaken, UnknownClient, UnusableIdentifier
from gapura_auth.credentials import new_token
from gapura_auth.oauth.client_documents import client_of
from gapura_auth.oauth.client_secrets import needs_secret, new_secret, with_first_secret
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.registration import INITIAL_PREFIX
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.clients import (
    ClientIdIsTaken,
    StoredClient,
    delete_client,
    find_stored_client,
    insert_client,
    list_clients,
    rotate_secret,
)
from gapura_auth.store.initial_access_tokens import InitialToken, add_initial_token
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

_IDENTIFIER = re.compile(r"[A-Za-z0-9._\-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClientAdministration:
    """Creates, shows, changes and deletes clients."""

    database: Database
    clock: Clock
    new_id: Callable[[], str]
    #: who is written down in the audit log
    actor: str

    def create(self, document: Mapping[str, object], client_id: str | None = None) -> tuple[Client, str | None]:
        """Create a client; returns it and its secret, if it has one.

        Raises:
            OAuthError: when the document cannot be accepted.
            ClientRefusal: when the identifier cannot be given.

        """
        identifier = client_id if client_id is not None else self.new_id()
        if not _IDENTIFIER.fullmatch(identifier):
            raise UnusableIdentifier
        if identifier == FIRST_PARTY_CLIENT:
            raise IdentifierIsTaken(identifier)
        client, secret = with_first_secret(client_of(identifier, document))
        with self.database.write() as connection:
            try:
                insert_client(connection, StoredClient(client=client, created_at=self.clock()))
            except ClientIdIsTaken:
                raise IdentifierIsTaken(identifier) from None
            self._record(connection, AuditAction.CLIENT_CREATED, identifier)
        return client, secret

    def list(self) -> Sequence[StoredClient]:
        """Return every client."""
        with self.database.read() as connection:
            return list_clients(connection)

    def find(self, client_id: str) -> StoredClient:
        """Return a client.

        Raises:
            UnknownClient: when there is none.

        """
        with self.database.read() as connection:
            return _found(connection, client_id)

    def rotate_secret(self, client_id: str, overlap_seconds: float) -> str:
        """Give a client a new secret; the last one stays valid for a while.

        Raises:
            UnknownClient: when there is no such client.
            HasNoSecret: when it has no use for one.

        """
        now = self.clock()
        secret = new_secret()
        with self.database.write() as connection:
            if not needs_secret(_found(connection, client_id).client):
                raise HasNoSecret(client_id)
            rotate_secret(connection, client_id, secret.kept, now, now + overlap_seconds)
            self._record(connection, AuditAction.CLIENT_SECRET_ROTATED, client_id)
        return secret.text

    def delete(self, client_id: str) -> None:
        """Delete a client; what it was granted ends.

        Raises:
            UnknownClient: when there is none.

        """
        with self.database.write() as connection:
            if not delete_client(connection, client_id, self.clock()):
                raise UnknownClient(client_id)
            self._record(connection, AuditAction.CLIENT_DELETED, client_id)

    def create_initial_token(self, policy: RegistrationPolicy, uses: int, seconds: float) -> str:
        """Return a new initial access token: whoever holds it may register so many clients, so long."""
        now = self.clock()
        token = new_token(INITIAL_PREFIX)
        kept = InitialToken(digest=token.digest, policy=policy, uses=uses, created_at=now, expires_at=now + seconds)
        with self.database.write() as connection:
            add_initial_token(connection, kept)
            self._record(connection, AuditAction.INITIAL_TOKEN_CREATED, f"{token.digest.hex()[:16]} ({uses} uses)")
        return token.text

    def _record(self, connection: Connection, action: AuditAction, target: str) -> None:
        record(connection, AuditEvent(at=self.clock(), action=action, actor=self.actor, target=target))


def _found(connection: Connection, client_id: str) -> StoredClient:
    stored = find_stored_client(connection, client_id)
    if stored is None:
        raise UnknownClient(client_id)
    return stored
