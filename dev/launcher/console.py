import os
import signal
import threading
from typing import TextIO

_COLOURS = ("\x1b[36m", "\x1b[32m", "\x1b[35m")
_PLAIN = "\x1b[0m"


class Console:
    """Where everything is shown. Many threads may write: lines never mix, and each one is seen at once."""

    def __init__(self, stream: TextIO, *, coloured: bool) -> None:
        self._stream = stream
        self._coloured = coloured
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Show a text of the launcher itself."""
        self._write(f"{text}\n")

    def prefix(self, name: str, position: int) -> str:
        """Return what stands before each line of the service with this name and position."""
        label = f"{name:<8} |"
        return f"{_COLOURS[position % len(_COLOURS)]}{label}{_PLAIN} " if self._coloured else f"{label} "

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                self._stream.write(text)
                self._stream.flush()
            except BrokenPipeError:
                self._reader_has_gone()

    def _reader_has_gone(self) -> None:
        """Stop as if asked to: nobody sees the output any more. What is still written goes nowhere."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)
        os.kill(os.getpid(), signal.SIGTERM)
