"""Delivers by itself: at once when a session ends in this process, and within a second when it ended elsewhere."""

import threading
from collections.abc import Sequence

import structlog

from gapura_auth.logout.delivery import LogoutDelivery
from gapura_auth.store.logout_outbox import PendingLogout

#: Clients that are delivered to at the same moment.
PLACES = 8

log = structlog.get_logger("gapura.logout")


class BackgroundDelivery:
    """A chore that hands what is due to threads of their own, so that no client waits for another one that hangs."""

    def __init__(self, delivery: LogoutDelivery) -> None:
        self._delivery = delivery
        self._places = threading.BoundedSemaphore(PLACES)

    def hand_out(self) -> int:
        """Begin to deliver everything that is due; returns how many logouts."""
        handed_out = 0
        while claimed := self._claim():
            handed_out += len(claimed)
            threading.Thread(target=self._deliver, args=(claimed,), name="logout delivery", daemon=True).start()
        return handed_out

    def _claim(self) -> Sequence[PendingLogout]:
        """Claim rows, and a place; without rows there is no need of one."""
        self._places.acquire()
        claimed: Sequence[PendingLogout] = ()
        try:
            claimed = self._delivery.claim()
        finally:
            if not claimed:
                self._places.release()
        return claimed

    def _deliver(self, claimed: Sequence[PendingLogout]) -> None:
        try:
            self._delivery.deliver(claimed)
        except Exception:  # the claim ends, and somebody tries again
            log.exception("delivery failed", client_id=claimed[0].client_id)
        finally:
            self._places.release()
