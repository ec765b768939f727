"""Hears the signals that stop a process, in whichever thread they arrive.

Python runs signal handlers in the main thread only, and Granian's main threads sleep on a lock. Where a whole group is
signalled (Ctrl-C, systemd), a worker gets two signals at once, its own and the one that the main process passes on; the
kernel may hand them to another thread, nothing wakes the main one, and the worker hangs until it is killed (measured:
most of 16 stops). A signal also gets lost while a worker is still loading. Neither happens to a byte in a pipe.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

import granian._signals
from granian._granian import WorkerSignal

STOP_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})


def call_on_stop(stop: Callable[[], object]) -> None:
    """Call a function, in a thread of its own, when this process is told to stop."""
    _start_listening(_note_signals(), stop)


def stop_worker_reliably() -> None:
    """Make the worker that runs this stop at the first signal, or when the main process is gone, however it went."""
    reader = _note_signals()

    def install() -> WorkerSignal:
        worker = WorkerSignal()
        for number in STOP_SIGNALS:
            signal.signal(number, _leave_to_listener)
        _start_listening(reader, worker.set)
        return worker

    granian._signals.set_sync_signals = install  # noqa: SLF001 -- Granian has no public place to hook in


def _note_signals() -> int:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    return reader


def _start_listening(reader: int, stop: Callable[[], object]) -> None:
    threading.Thread(target=_listen, args=(reader, stop), name="stop-listener", daemon=True).start()


def _listen(reader: int, stop: Callable[[], object]) -> None:
    parent = multiprocessing.parent_process()
    sources = [reader, *([parent.sentinel] if parent else [])]
    while wait(sources) == [reader]:
        if STOP_SIGNALS.intersection(os.read(reader, 64)):
            break
    stop()


def _leave_to_listener(_number: int, _frame: object) -> None:
    """Do nothing: the signal is in the pipe already."""
