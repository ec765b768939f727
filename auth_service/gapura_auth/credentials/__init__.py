"""The rules for names, addresses, passwords and secrets, as pure functions of values.

Through this room flows what people type and what we store of it: a text comes in and leaves as a frozen ``Username`` or
``EmailAddress``, a password as a hash, a secret as sealed bytes, a token as its digest; what breaks a rule leaves as a
``CredentialError`` with a stable code and a sentence. It must never know HTTP, the database, the settings or an
account: whoever calls passes in what it needs.
"""

from gapura_auth.credentials.emails import EmailAddress, canonical_email, parse_email
from gapura_auth.credentials.errors import (
    CannotOpen,
    CredentialError,
    InvalidEmail,
    InvalidMasterKey,
    InvalidUsername,
    TooBusy,
    UnacceptablePassword,
)
from gapura_auth.credentials.hashing_slots import HashingSlots
from gapura_auth.credentials.opaque_tokens import OpaqueToken, digest_of, is_same_token, new_token
from gapura_auth.credentials.password_hashing import Argon2Parameters, PasswordHasher, Verification
from gapura_auth.credentials.password_policy import check_password
from gapura_auth.credentials.sealing import MasterKey, open_under, seal_under
from gapura_auth.credentials.usernames import RESERVED_USERNAMES, Username, canonical_username, parse_username

__all__ = [
    "RESERVED_USERNAMES",
    "Argon2Parameters",
    "CannotOpen",
    "CredentialError",
    "EmailAddress",
    "HashingSlots",
    "InvalidEmail",
    "InvalidMasterKey",
    "InvalidUsername",
    "MasterKey",
    "OpaqueToken",
    "PasswordHasher",
    "TooBusy",
    "UnacceptablePassword",
    "Username",
    "Verification",
    "canonical_email",
    "canonical_username",
    "check_password",
    "digest_of",
    "is_same_token",
    "new_token",
    "open_under",
    "parse_email",
    "parse_username",
    "seal_under",
]
