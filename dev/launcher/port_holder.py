"""Finds the process that listens on a port, where the system tells (Linux: /proc)."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LISTEN = "0A"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def describe_holder(port: int) -> str | None:
    """Return `nginx (process 4711)` for the process that listens on the port; None when it cannot be known."""
    inodes = set(_listening_inodes(port))
    for folder in _PROC.glob("[0-9]*") if inodes else ():
        if inodes & set(_socket_inodes(folder)):
            return f"{_command(folder)} (process {folder.name})"
    return None


def _listening_inodes(port: int) -> Iterator[str]:
    for table in (_PROC / "net" / "tcp", _PROC / "net" / "tcp6"):
        for line in _read(table).splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _socket_inodes(process: Path) -> Iterator[str]:
    with suppress(OSError):  # it has ended meanwhile, or belongs to somebody else
        for link in (process / "fd").iterdir():
            if match := _SOCKET.fullmatch(_target(link)):
                yield match[1]


def _target(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115 -- what it names is not a path
    except OSError:  # closed meanwhile
        return ""


def _command(process: Path) -> str:
    arguments = _read(process / "cmdline").replace("\0", " ").strip()
    return arguments[:80] or _read(process / "comm").strip() or "a program"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
