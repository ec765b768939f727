"""What the figures were measured on: without it they say nothing."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from bench.failures import BenchError
from bench.node_programs import FOLDER, node
from bench.roster import PEERS_BIN

OURS = ("flask", "werkzeug", "granian", "orjson", "joserfc", "cryptography", "structlog", "prometheus-client")
PEERS = ("flask-jwt-extended", "gunicorn", "fastapi", "starlette", "uvicorn", "uvloop", "httptools", "pyjwt")
PACKAGES = ("express", "fastify", "jose", "autocannon")


def describe_machine() -> str:
    """Return processor, cores, system, Python and load in one sentence."""
    load = f"; load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}{load}."


def describe_versions() -> str:
    """Return the versions of everything that takes part and is installed."""
    versions = [*_versions(OURS, sys.path), *_versions(PEERS, _site_packages()), *_javascript_versions()]
    return ", ".join(f"{name} {version}" for name, version in versions)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _site_packages() -> list[str]:
    return [str(folder) for folder in (PEERS_BIN.parent / "lib").glob("python*/site-packages")]


def _versions(names: Iterable[str], folders: list[str]) -> list[tuple[str, str]]:
    found = ((name, next(iter(metadata.distributions(name=name, path=folders)), None)) for name in names)
    return [(name, distribution.version) for name, distribution in found if distribution is not None]


def _javascript_versions() -> list[tuple[str, str]]:
    try:
        version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except BenchError:
        return []
    packages = {name: FOLDER / "node_modules" / name / "package.json" for name in PACKAGES}
    found = [(name, re.search(r'"version": *"([^"]+)"', file.read_text())) for name, file in packages.items()]
    return [("Node.js", version), *((name, match[1]) for name, match in found if match)]
