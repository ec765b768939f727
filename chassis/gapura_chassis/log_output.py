"""Where finished log lines go: standard output, whole lines only, whichever thread and whichever library wrote them."""

import contextlib
import logging
import sys
import threading

_one_at_a_time = threading.Lock()


def write_line(line: str) -> None:
    """Write one line to standard output; a reader that is gone is no reason to fail."""
    with _one_at_a_time, contextlib.suppress(BrokenPipeError):
        try:
            sys.stdout.write(f"{line}\n")
        except UnicodeEncodeError:
            sys.stdout.write(f"{line.encode('ascii', 'backslashreplace').decode()}\n")
        sys.stdout.flush()


class LineLogger:
    """The end of structlog's chain: takes rendered lines."""

    def __init__(self, name: str = "gapura") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Write a rendered line."""
        write_line(line)

    debug = info = warning = error = critical = exception = msg


class LineHandler(logging.Handler):
    """The same end for the standard library's loggers, which all libraries use."""

    def emit(self, record: logging.LogRecord) -> None:
        """Render a record and write it."""
        try:
            write_line(self.format(record))
        except Exception:  # noqa: BLE001 -- as every handler of the standard library does
            self.handleError(record)
