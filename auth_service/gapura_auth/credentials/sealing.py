import base64
import re
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gapura_auth.credentials.errors import CannotOpen, InvalidMasterKey

_KEY_BYTES, _NONCE_BYTES = 32, 12
_VERSION = b"\x01"
_AT_REST = b"gapura sealing 1: at rest"
_UNDER_A_SECRET = b"gapura sealing 1: under a secret"
_DERIVED = b"gapura sealing 1: derived"
_HOW_TO_MAKE_ONE = (
    "A master key is 32 random bytes in base64url. Make one with: "
    'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
)


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key under which the auth service keeps its secrets in the database."""

    _key: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "MasterKey":
        """Make a new random key."""
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> "MasterKey":
        """Read a key from base64url (RFC 4648, section 5), padded or not; raises ``InvalidMasterKey``."""
        bare = text.strip().removesuffix("=")
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", bare):
            raise InvalidMasterKey(_HOW_TO_MAKE_ONE)
        master_key = cls(base64.urlsafe_b64decode(bare + "="))
        if master_key.text() != bare:  # two bits are left over: a second spelling of a key is a typing mistake
            raise InvalidMasterKey(_HOW_TO_MAKE_ONE)
        return master_key

    def text(self) -> str:
        """Return the key as base64url without padding. It is the secret itself."""
        return base64.urlsafe_b64encode(self._key).decode().rstrip("=")

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Encrypt with AES-256-GCM. ``context`` names what is sealed (``b"signing-key:" + kid``) and opens it again."""
        return _seal(self._key, _AT_REST, plaintext, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return what was sealed for this context; raises ``CannotOpen``."""
        return _open(self._key, _AT_REST, sealed, context)

    def derive(self, purpose: str) -> bytes:
        """Return a secret of its own for a purpose, the same in every process that has this key."""
        return _derived_key(self._key, _DERIVED, purpose.encode())


def seal_under(secret: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Encrypt so that only whoever presents ``secret``, a random token of at least 32 bytes, can read it."""
    return _seal(_strong(secret), _UNDER_A_SECRET, plaintext, context)


def open_under(secret: bytes, sealed: bytes, context: bytes) -> bytes:
    """Return what was sealed under this secret for this context; raises ``CannotOpen``."""
    return _open(_strong(secret), _UNDER_A_SECRET, sealed, context)


def _strong(secret: bytes) -> bytes:
    if len(secret) < _KEY_BYTES:
        raise ValueError("Sealing under a secret needs a random token of at least 32 bytes; never a password.")
    return secret


def _seal(secret: bytes, purpose: bytes, plaintext: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    box = AESGCM(_derived_key(secret, purpose, context))
    return _VERSION + nonce + box.encrypt(nonce, plaintext, _VERSION + context)


def _open(secret: bytes, purpose: bytes, sealed: bytes, context: bytes) -> bytes:
    version, nonce, ciphertext = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version != _VERSION or len(nonce) < _NONCE_BYTES:
        raise CannotOpen
    try:
        return AESGCM(_derived_key(secret, purpose, context)).decrypt(nonce, ciphertext, _VERSION + context)
    except InvalidTag:
        raise CannotOpen from None


def _derived_key(secret: bytes, purpose: bytes, context: bytes) -> bytes:
    """Derive one key per purpose and context (RFC 5869), so that random nonces meet far below GCM's 2^32 messages."""
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose + b"\0" + context).derive(secret)
