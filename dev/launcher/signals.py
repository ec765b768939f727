import select
import signal
import socket
from types import FrameType, TracebackType
from typing import Self

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DRAIN_BYTES = 4096


class Signals:
    """Signals as something to wait for: requests to stop are counted, and the end of a child wakes the waiting."""

    def __init__(self) -> None:
        self.stop_requests = 0
        self._reader, self._writer = socket.socketpair()

    def __enter__(self) -> Self:
        self._reader.settimeout(0)
        self._writer.settimeout(0)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._receive) for number in (*_STOP, signal.SIGCHLD)}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float | None) -> None:
        """Wait for the next signal, at most so long; None waits for ever."""
        if select.select([self._reader], [], [], seconds)[0]:
            self._reader.recv(_DRAIN_BYTES)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self.stop_requests += number in _STOP
