"""Clients whose identifier is the address of their metadata (draft-ietf-oauth-client-id-metadata-document).

Nobody registered them, so they get what anybody may have: no secrets, no privileges, always a question to the person.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from gapura.jose import JoseError, parse_json_object
from gapura_auth.oauth.client_documents import client_within
from gapura_auth.oauth.client_secrets import needs_secret
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.outbound import ForbiddenDestination, Outbound, OutboundError, OutboundRequest, target_of
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_chassis.clock import Clock, Timestamp

OK = 200
LONGEST_IDENTIFIER = 255
_JSON = re.compile(r"application/(json|[a-z0-9.\-]+\+json)(;.*)?", re.ASCII | re.IGNORECASE)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age=([0-9]{1,9})(?:$|[,\s])", re.ASCII | re.IGNORECASE)
_DOTS = re.compile(r"/(\.|%2e){1,2}(/|$)", re.ASCII | re.IGNORECASE)
_FORBIDDEN_MEMBERS = frozenset({"client_secret", "client_secret_expires_at"})


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How large a document may be, and how long it is used (seconds)."""

    max_bytes: int = 16 * 1024
    shortest_life: float = 60.0
    longest_life: float = 3600.0
    #: how long a document that could not be used is not fetched again
    cooldown: float = 10.0
    most_kept: int = 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    client: Client | None
    until: Timestamp


class MetadataDocumentClients:
    """Finds clients by fetching their documents; what was fetched is kept for as long as its server allows."""

    def __init__(
        self,
        outbound: Outbound,
        policy: RegistrationPolicy,
        clock: Clock,
        limits: DocumentLimits | None = None,
        *,
        allow_http: bool = False,
    ) -> None:
        """Make a finder.

        Args:
            outbound: how documents are fetched.
            policy: what such a client may have at most.
            clock: the time.
            limits: sizes and lives.
            allow_http: whether identifiers may begin with http, on a development machine.

        """
        self._outbound = outbound
        self._policy = policy
        self._clock = clock
        self._limits = limits or DocumentLimits()
        self._schemes = frozenset({"https", "http"} if allow_http else {"https"})
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._fetching: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def find(self, client_id: str) -> Client | None:
        """Return the client that a document at the address describes; None when there is none that can be used."""
        if not self._is_document_address(client_id):
            return None
        with self._lock:
            place = self._fetching.setdefault(client_id, threading.Lock())
        try:
            with place:
                return self._find(client_id)
        finally:
            with self._lock:
                self._fetching.pop(client_id, None)

    def _find(self, client_id: str) -> Client | None:
        now = self._clock()
        with self._lock:
            kept = self._kept.get(client_id)
        if kept is None or now >= kept.until:
            kept = self._fetch(client_id, now)
            with self._lock:
                self._kept[client_id] = kept
                self._kept.move_to_end(client_id)
                if len(self._kept) > self._limits.most_kept:
                    self._kept.popitem(last=False)
        return kept.client

    def _fetch(self, client_id: str, now: Timestamp) -> _Kept:
        request = OutboundRequest(
            url=client_id, headers={"Accept": "application/json"}, max_bytes=self._limits.max_bytes
        )
        try:
            answer = self._outbound.send(request)
            if answer.status != OK or not _JSON.fullmatch(answer.headers.get("content-type", "")):
                return _Kept(None, now + self._limits.cooldown)
            client = self._read(client_id, parse_json_object(answer.body))
        except (OutboundError, JoseError, OAuthError):
            return _Kept(None, now + self._limits.cooldown)
        return _Kept(client, now + self._life(answer.headers.get("cache-control", "")))

    def _read(self, client_id: str, document: Mapping[str, object]) -> Client | None:
        if document.get("client_id") != client_id or not _FORBIDDEN_MEMBERS.isdisjoint(document):
            return None
        # the default of the RFC is a secret, and there is no way to agree on one
        client = client_within(self._policy, client_id, {"token_endpoint_auth_method": "none", **document})
        return None if needs_secret(client) else client

    def _life(self, cache_control: str) -> float:
        given = _MAX_AGE.search(cache_control)
        if given is None or "no-store" in cache_control.lower() or "no-cache" in cache_control.lower():
            return self._limits.shortest_life
        return min(max(float(given[1]), self._limits.shortest_life), self._limits.longest_life)

    def _is_document_address(self, client_id: str) -> bool:
        """Section 3: an https address with a path, without dot segments, fragment, user and password."""
        if len(client_id) > LONGEST_IDENTIFIER:
            return False
        try:
            target = target_of(client_id)
        except ForbiddenDestination:
            return False
        path = target.target.partition("?")[0]
        return target.scheme in self._schemes and path != "/" and not _DOTS.search(path)
