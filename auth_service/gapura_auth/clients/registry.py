"""Finds clients: registered ones, and those whose identifier is the address of their own metadata."""

import threading
from collections import OrderedDict
from typing import Protocol

from gapura_auth.oauth.clients import Client
from gapura_auth.store.clients import find_client
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database

#: Seconds for which a copy is used: a change reaches every process within this time.
KEPT_FOR = 1.0
MOST_KEPT = 1024
LONGEST_REGISTERED_ID = 255


class MetadataDocuments(Protocol):
    """Clients that were never registered (draft-ietf-oauth-client-id-metadata-document)."""

    def find(self, client_id: str) -> Client | None:
        """Return the client that a document at the address describes."""


class ClientRegistry:
    """All clients. A token request of a client that was seen within the last second costs no query."""

    def __init__(self, database: Database, clock: Clock, documents: MetadataDocuments | None = None) -> None:
        self._database = database
        self._clock = clock
        self._documents = documents
        self._kept: OrderedDict[str, tuple[Client, Timestamp]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, client_id: str) -> Client | None:
        """Return the client with this identifier; None when there is none, or it was deleted."""
        now = self._clock()
        with self._lock:
            client, read_at = self._kept.get(client_id, (None, 0.0))
        if client is not None and 0 <= now - read_at < KEPT_FOR:
            return client
        return self._read(client_id, now)

    def forget(self, client_id: str) -> None:
        """Read a client anew at the next request: it was changed in this process."""
        with self._lock:
            self._kept.pop(client_id, None)

    def _read(self, client_id: str, now: Timestamp) -> Client | None:
        client = self._registered(client_id)
        if client is None:
            self.forget(client_id)
            return self._documents.find(client_id) if self._documents is not None else None
        with self._lock:
            self._kept[client_id] = (client, now)
            self._kept.move_to_end(client_id)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return client

    def _registered(self, client_id: str) -> Client | None:
        if not 0 < len(client_id) <= LONGEST_REGISTERED_ID or not client_id.isprintable():
            return None
        with self._database.read() as connection:
            return find_client(connection, client_id)
