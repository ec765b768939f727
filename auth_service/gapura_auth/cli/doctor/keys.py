from collections.abc import Sequence

from gapura_auth.cli.doctor.findings import Finding, fine, wrong
from gapura_auth.credentials import CannotOpen, MasterKey
from gapura_auth.keys.schedule import signing_key
from gapura_auth.store.signing_keys import StoredKey
from gapura_chassis.clock import Timestamp


def check_master_key(keys: Sequence[StoredKey], master_key: MasterKey) -> Finding:
    """Find out whether every stored key that may still sign opens."""
    alive = [key for key in keys if key.killed_at is None]
    closed = [key.kid for key in alive if not _opens(key, master_key)]
    if closed:
        return wrong(
            f"The master key does not open {len(closed)} of {len(alive)} stored keys ({', '.join(closed)}).",
            "Give back the GAPURA_MASTER_KEY (or master.key in GAPURA_HOME) that they were made under; "
            "if it is lost, `gapura-auth keys kill` them.",
        )
    return fine(f"The master key opens the stored keys ({len(alive)}).")


def check_signing_key(keys: Sequence[StoredKey], algorithm: str, now: Timestamp) -> Finding:
    """Find out whether a key of this algorithm signs now."""
    signing = signing_key(keys, algorithm, now)
    if signing is None:
        advice = "Start the service, which makes one, or run `gapura-auth migrate`."
        return wrong(f"No {algorithm} key signs at present: tokens that need it cannot be issued.", advice)
    return fine(f"The {algorithm} key {signing.kid} signs tokens.")


def _opens(key: StoredKey, master_key: MasterKey) -> bool:
    try:
        master_key.open(key.sealed_private_jwk, key.kid.encode())
    except CannotOpen:
        return False
    return True
