"""Where keys come from. A verifier asks a `KeySet` for one key by name and never learns how it got there.

* `StaticKeySet`: a JWK Set that never changes.
* `SharedSecret`: one HS256 secret, for the compatibility mode.
* `RemoteKeySet`: an issuer's published JWK Set, kept fresh in the background.
"""

from gapura.keys.key_set import KeySet
from gapura.keys.remote import RemoteKeySet
from gapura.keys.schedule import RefreshSchedule
from gapura.keys.shared_secret import SharedSecret
from gapura.keys.static import StaticKeySet
from gapura.keys.status import KeySetState, KeySetStatus

__all__ = [
    "KeySet",
    "KeySetState",
    "KeySetStatus",
    "RefreshSchedule",
    "RemoteKeySet",
    "SharedSecret",
    "StaticKeySet",
]
