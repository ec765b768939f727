"""The JavaScript peers and autocannon: installed from their lock into `bench/node/node_modules`."""

from functools import cache
from pathlib import Path

from bench.failures import BenchError
from dev.newman import NoNewman, install_newman, node_folder

FOLDER = Path(__file__).resolve().parent / "node"


@cache
def node() -> str:
    """Return the path of Node.js, once everything that it needs here is installed.

    Raises:
        BenchError: when there is no Node.js, or npm fails.

    """
    try:
        install_newman(FOLDER)  # installs whatever the folder's lock names
        return str(node_folder() / "node")
    except NoNewman as missing:
        message = f"The JavaScript peers cannot be measured: {missing}"
        raise BenchError(message) from None
