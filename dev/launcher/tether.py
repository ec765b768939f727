"""Ties a child process to its parent: the child gets a signal when the parent ends, even by `kill -9`.

Linux does this (`PR_SET_PDEATHSIG`); elsewhere nothing happens, and only a `kill -9` of the parent leaves the child.
"""

import ctypes
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def tether(number: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that makes the kernel send this signal to the child when the parent ends.

    It runs between fork and exec; let the parent have no other thread at that moment.
    """

    def tie() -> None:  # pragma: no cover -- runs in the child, which becomes another program
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number))

    return tie
