"""What a program and its children have used, as Linux counts it; None where there is no such system to ask."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
_PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_USER, _SYSTEM = 11, 12  # places in /proc/…/stat behind the program's name


def memory_of(pid: int) -> float | None:
    """Return the megabytes of a process and its children (PSS: shared pages are divided)."""
    return sum(_own_memory(member) for member in _family(pid)) if _is_visible(pid) else None


def processor_seconds_of(pid: int) -> float | None:
    """Return the processor time that a process and its children have used so far.

    It hardly depends on what else the machine does, and so it is a second witness beside the clock.
    """
    return sum(_own_seconds(member) for member in _family(pid)) if _is_visible(pid) else None


def _is_visible(pid: int) -> bool:
    return (PROC / str(pid) / "smaps_rollup").exists()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in (PROC / str(pid) / "task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _own_memory(pid: int) -> float:
    try:
        found = _PROPORTIONAL.search((PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:
        return 0.0  # it has just ended
    return int(found[1]) / 1024 if found else 0.0


def _own_seconds(pid: int) -> float:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has just ended
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
