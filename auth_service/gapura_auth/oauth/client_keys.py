"""A client's public keys, from its metadata or from its `jwks_uri`.

Keys at an address are fetched through the outbound port and kept for a while. Only one fetch of an address is under way
at a time. A `kid` that is not there leads to one more fetch, and then to none until the cooldown is over: whoever
sends made-up `kid`s makes neither us nor the client's server work.
"""

import base64
import binascii
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from gapura.jose import (
    ALGORITHMS,
    CompactJws,
    InvalidKeyError,
    JoseError,
    VerificationKey,
    import_key_set,
    parse_json_object,
)
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.outbound import Outbound, OutboundError, OutboundRequest
from gapura_chassis.clock import Clock, Timestamp

Name = TypeVar("Name")
Value = TypeVar("Value")

OK = 200
Jwks = Mapping[str, object]
_NONE: Jwks = {"keys": []}


@dataclass(frozen=True, slots=True)
class KeyPatience:
    """How long fetched keys are used, in seconds."""

    fresh: float = 300.0
    #: keys of a client whose server is away
    stale: float = 24 * 3600.0
    #: the least time between two fetches of one address
    cooldown: float = 15.0
    max_bytes: int = 64 * 1024
    most_addresses: int = 1024


@dataclass(slots=True)
class _Kept:
    """What is known about one address; the lock is held while it is fetched."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    jwks: Jwks = field(default_factory=lambda: _NONE)
    fetched_at: Timestamp = float("-inf")
    tried_at: Timestamp = float("-inf")


class ClientKeyStore:
    """The public keys of all clients."""

    def __init__(self, outbound: Outbound, clock: Clock, patience: KeyPatience | None = None) -> None:
        self._outbound = outbound
        self._clock = clock
        self._patience = patience or KeyPatience()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._imported: OrderedDict[tuple[str, str | None], tuple[Jwks, Sequence[VerificationKey]]] = OrderedDict()
        self._lock = threading.Lock()

    def candidates(self, client: Client, jws: CompactJws, algorithm: str | None) -> Sequence[VerificationKey]:
        """Return the client's keys that may have made a signature: by `kid`, and by algorithm.

        A key that names no algorithm is for the one that the client has registered.
        """
        found = _matching(self._keys(client.id, self._jwks(client), algorithm), jws)
        if not found and client.keys.jwks_uri is not None:
            found = _matching(self._keys(client.id, self._jwks(client, again=True), algorithm), jws)
        return found

    def certificates(self, client: Client) -> frozenset[bytes]:
        """Return the SHA-256 of each certificate in the client's JWK Set (RFC 8705, section 2.2.2)."""
        return frozenset(_certificates(self._jwks(client)))

    def _jwks(self, client: Client, *, again: bool = False) -> Jwks:
        if client.keys.jwks_uri is None:
            return client.keys.jwks or _NONE
        return self._fetched(client.keys.jwks_uri, again=again)

    def _fetched(self, uri: str, *, again: bool) -> Jwks:
        kept = self._place(uri)
        # whoever waits here finds what the one before has fetched
        with kept.lock:
            now = self._clock()
            outdated = now - kept.fetched_at >= self._patience.fresh
            if (again or outdated) and now - kept.tried_at >= self._patience.cooldown:
                self._fetch(uri, kept, now)
            return kept.jwks if now - kept.fetched_at < self._patience.stale else _NONE

    def _fetch(self, uri: str, kept: _Kept, now: Timestamp) -> None:
        kept.tried_at = now
        request = OutboundRequest(
            url=uri,
            headers={"Accept": "application/jwk-set+json, application/json"},
            max_bytes=self._patience.max_bytes,
        )
        try:
            answer = self._outbound.send(request)
            jwks = parse_json_object(answer.body) if answer.status == OK else None
        except (OutboundError, JoseError):
            return
        if jwks is not None and isinstance(jwks.get("keys"), list):
            kept.jwks, kept.fetched_at = jwks, now

    def _keys(self, client_id: str, jwks: Jwks, algorithm: str | None) -> Sequence[VerificationKey]:
        """Import a client's keys, once for as long as they are the same."""
        name = (client_id, algorithm)
        with self._lock:
            present = self._imported.get(name)
        if present is not None and present[0] == jwks:
            return present[1]
        keys = _import(jwks, algorithm)
        with self._lock:
            _keep(self._imported, name, (jwks, keys), self._patience.most_addresses)
        return keys

    def _place(self, uri: str) -> _Kept:
        with self._lock:
            kept = self._kept.get(uri) or _Kept()
            _keep(self._kept, uri, kept, self._patience.most_addresses)
            return kept


def _keep(kept: OrderedDict[Name, Value], name: Name, value: Value, most: int) -> None:
    """Keep a value as the one used last; the one used longest ago goes when there are too many."""
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > most:
        kept.popitem(last=False)


def _import(jwks: Jwks, algorithm: str | None) -> Sequence[VerificationKey]:
    entries = jwks.get("keys")
    if not isinstance(entries, list):
        return ()
    try:
        return import_key_set({"keys": [_with_algorithm(entry, algorithm) for entry in entries]})
    except InvalidKeyError:
        return ()


def _with_algorithm(entry: object, algorithm: str | None) -> object:
    """Let a key that names no algorithm be for the registered one, where that is for this type of key."""
    if not isinstance(entry, dict) or algorithm is None or "alg" in entry:
        return entry
    fits = ALGORITHMS[algorithm].kty == entry.get("kty") and ALGORITHMS[algorithm].curve in {None, entry.get("crv")}
    return {**entry, "alg": algorithm} if fits else entry


def _matching(keys: Sequence[VerificationKey], jws: CompactJws) -> Sequence[VerificationKey]:
    named = (key for key in keys if jws.header.kid is None or key.kid in {None, jws.header.kid})
    return [key for key in named if key.permits(jws.header.alg)]


def _certificates(jwks: Jwks) -> Iterator[bytes]:
    entries = jwks.get("keys")
    for entry in entries if isinstance(entries, list) else []:
        chain = entry.get("x5c") if isinstance(entry, dict) else None
        if isinstance(chain, list) and chain and isinstance(chain[0], str):
            try:
                yield hashlib.sha256(base64.b64decode(chain[0], validate=True)).digest()
            except (binascii.Error, ValueError):
                continue
