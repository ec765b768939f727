"""The keys as the rest of the service sees them: one that signs for each algorithm, and a set that is published.

Every process holds a copy that it renews from the database when it is a second old, so that a killed key is out of use
everywhere within that time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

import orjson

from gapura.jose import SharedSecretKey, SigningKey, VerificationKey, import_key, sign
from gapura_auth.credentials import CannotOpen, MasterKey
from gapura_auth.keys.schedule import is_published, signing_key
from gapura_auth.store.signing_keys import StoredKey, list_keys
from gapura_chassis.clock import Clock, Timestamp
from gapura_chassis.database import Database
from gapura_chassis.errors import Unavailable
from gapura_chassis.settings import ConfigurationError

RENEW_AFTER = 1.0


class NoSigningKey(Unavailable):
    """No key may sign at present: they are all killed, and the next is about to be made."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(f"There is no {algorithm} key to sign with at the moment.", retry_after=1)


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The JWK Set (RFC 7517, section 5) as it is sent."""

    content: bytes
    entity_tag: str


@dataclass(frozen=True, slots=True)
class _Copy:
    taken_at: Timestamp
    rows: tuple[StoredKey, ...] = ()
    published: PublishedKeys = field(default_factory=lambda: _publish([]))
    verification: Mapping[str, VerificationKey] = field(default_factory=dict)


class KeyRing:
    """Signs with the key whose turn it is, and knows every published key."""

    def __init__(self, database: Database, master_key: MasterKey, algorithm: str, clock: Clock) -> None:
        self._database = database
        self._master_key = master_key
        self._algorithm = algorithm
        self._clock = clock
        self._copy = _Copy(taken_at=float("-inf"))
        self._opened: dict[str, SigningKey] = {}
        self._renewing = Lock()

    def sign(self, claims: Mapping[str, object], *, typ: str) -> str:
        """Return a compact JWS signed by the key whose turn it is, with the algorithm of access tokens.

        Raises:
            NoSigningKey: when there is none.

        """
        return self.sign_with(self._algorithm, claims, typ=typ)

    def sign_with(self, algorithm: str, claims: Mapping[str, object], *, typ: str) -> str:
        """Return a compact JWS signed by the key of this algorithm whose turn it is.

        Raises:
            NoSigningKey: when there is none.

        """
        row = signing_key(self._current().rows, algorithm, self._clock())
        if row is None:
            raise NoSigningKey(algorithm)
        return sign(claims, self._open(row), typ=typ)

    def check_master_key(self) -> None:
        """Open every key that signs now or will, so that a wrong master key shows at the start.

        Raises:
            ConfigurationError: when one of them was sealed under another master key.

        """
        for row in self._current().rows:
            if row.killed_at is None:
                _unseal(row, self._master_key)

    def published(self) -> PublishedKeys:
        """Return the JWK Set to publish."""
        return self._current().published

    def find(self, kid: str | None) -> VerificationKey | None:
        """Return a published key: the ring is the key set of the auth service's own guard."""
        return self._current().verification.get(kid or "")

    def _current(self) -> _Copy:
        now = self._clock()
        if now - self._copy.taken_at >= RENEW_AFTER:
            with self._renewing:
                if now - self._copy.taken_at >= RENEW_AFTER:
                    self._copy = self._take_copy(now)
        return self._copy

    def _take_copy(self, now: Timestamp) -> _Copy:
        with self._database.read() as connection:
            rows = tuple(list_keys(connection))
        jwks = [orjson.loads(row.public_jwk) for row in rows if is_published(row, now)]
        known = self._copy.verification
        verification = {jwk["kid"]: known.get(jwk["kid"]) or import_key(jwk) for jwk in jwks}
        return _Copy(now, rows, _publish(jwks), verification)

    def _open(self, row: StoredKey) -> SigningKey:
        key = self._opened.get(row.kid)
        if key is None:
            key = SigningKey.from_jwk(orjson.loads(_unseal(row, self._master_key)))
            self._opened = self._still_known() | {row.kid: key}
        return key

    def _still_known(self) -> dict[str, SigningKey]:
        known = {row.kid for row in self._copy.rows}
        return {kid: key for kid, key in self._opened.items() if kid in known}


@dataclass(frozen=True, slots=True)
class SharedSecretSigner:
    """Signs under the shared secret of the compatibility mode; there is nothing to publish."""

    key: SharedSecretKey

    def sign(self, claims: Mapping[str, object], *, typ: str) -> str:
        """Return a compact JWS under the shared secret."""
        return sign(claims, self.key, typ=typ)

    def published(self) -> PublishedKeys:
        """Return an empty JWK Set: a secret is never published."""
        return _publish([])


def _publish(jwks: list[dict[str, object]]) -> PublishedKeys:
    content = orjson.dumps({"keys": jwks})
    return PublishedKeys(content, f'"{sha256(content).hexdigest()[:32]}"')


def _unseal(row: StoredKey, master_key: MasterKey) -> bytes:
    try:
        return master_key.open(row.sealed_private_jwk, row.kid.encode())
    except CannotOpen as error:
        message = (
            "The signing keys in the database cannot be opened with this GAPURA_MASTER_KEY (or var/master.key): "
            "they were encrypted under another one. Give back the old key; if it is lost, `gapura-auth keys kill` "
            "every key and restart."
        )
        raise ConfigurationError(message) from error
