"""How guessing is slowed down, as a pure policy; `store.throttle` counts by it.

Failures are counted in three buckets. A *pair* (account and address) has some free attempts, then each costs a wait
that doubles. An *address* that fails with many accounts waits too, except for accounts that are at home there. An
*account* is never blocked as such, or anybody could lock its owner out: while it is guessed at from many addresses,
each address merely gets fewer free attempts, and always at least one. So whoever knows the password gets in from an
address that has not been failing, and an attacker needs a new address for each guess.
"""

import ipaddress
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many attempts are free, and how the wait grows behind them; times in seconds."""

    free: int
    first_wait: float
    longest_wait: float
    forget_after: float

    def waits(self) -> tuple[tuple[int, float], ...]:
        """Return the steps: from this number of failures on, the wait is so long."""
        steps = []
        failures, wait = self.free, self.first_wait
        while wait < self.longest_wait:
            steps.append((failures, wait))
            failures, wait = failures + 1, wait * 2
        return (*steps, (failures, self.longest_wait))


HOUR = 3600.0

PAIR = Allowance(free=10, first_wait=1, longest_wait=900, forget_after=HOUR)
PAIR_UNDER_ATTACK = Allowance(free=1, first_wait=30, longest_wait=900, forget_after=HOUR)
ADDRESS = Allowance(free=300, first_wait=1, longest_wait=60, forget_after=HOUR / 4)
ACCOUNT = Allowance(free=10**9, first_wait=0, longest_wait=0, forget_after=HOUR)

#: Failures of an account, from all addresses together, from which on it counts as under attack.
ATTACK = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who is tried from where, as bucket names that reveal neither."""

    pair: str
    address: str
    account: str


def attempt_of(login: str, address: str) -> Attempt:
    """Return the buckets of a login under this (canonical) name from this address."""
    network = network_of(address)
    return Attempt(
        pair=_bucket("pair", login, network), address=_bucket("address", network), account=_bucket("account", login)
    )


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv6 caller holds a whole /64 (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 -- the version of the protocol
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _bucket(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
