"""Clients that registered themselves, and the audit log's lines about them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gapura_auth.oauth.registration import Registration
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.store.audit import AuditAction, AuditEvent, record
from gapura_auth.store.clients import (
    StoredClient,
    delete_client,
    find_stored_client,
    insert_client,
    replace_client,
    replace_secrets,
)
from gapura_auth.store.initial_access_tokens import use_initial_token
from gapura_chassis.clock import Timestamp

ACTOR = "registration"


@dataclass(frozen=True, slots=True)
class SqlRegistrations:
    """The port of `oauth.registration`, within the transaction of a connection."""

    connection: Connection

    def use_initial_token(self, digest: bytes, now: Timestamp) -> RegistrationPolicy | None:
        """Take one use of an initial access token."""
        return use_initial_token(self.connection, digest, now)

    def add(self, registration: Registration) -> None:
        """Keep a new client with its secrets."""
        stored = StoredClient(
            client=registration.client,
            created_at=registration.created_at,
            registration_digest=registration.digest,
            policy=registration.policy.as_document(),
        )
        insert_client(self.connection, stored)
        self._record(AuditAction.CLIENT_CREATED, registration.client.id, registration.created_at)

    def find(self, client_id: str) -> Registration | None:
        """Return a client that registered itself; not one that an operator made."""
        stored = find_stored_client(self.connection, client_id)
        if stored is None or stored.registration_digest is None:
            return None
        return Registration(
            client=stored.client,
            policy=RegistrationPolicy.of(stored.policy or {}),
            digest=stored.registration_digest,
            created_at=stored.created_at,
        )

    def replace(self, registration: Registration, now: Timestamp) -> None:
        """Keep a changed client."""
        replace_client(self.connection, registration.client)
        replace_secrets(self.connection, registration.client, now)
        self._record(AuditAction.CLIENT_CHANGED, registration.client.id, now)

    def delete(self, client_id: str, now: Timestamp) -> None:
        """Delete a client."""
        delete_client(self.connection, client_id, now)
        self._record(AuditAction.CLIENT_DELETED, client_id, now)

    def _record(self, action: AuditAction, client_id: str, now: Timestamp) -> None:
        record(self.connection, AuditEvent(at=now, action=action, actor=ACTOR, target=client_id))
