"""PostgreSQL refuses to run as root; a test run in a container often is root. Then the server runs as `nobody`."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.postgres.failures import NoPostgres


@dataclass(frozen=True)
class Account:
    """As whom a program runs: the fields are arguments of `subprocess.Popen`, None changes nothing."""

    user: int | None = None
    group: int | None = None

    def own(self, path: Path) -> None:
        """Make a file or folder belong to this account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)

    def may_run(self, program: Path) -> bool:
        """Whether this account reaches the program: a folder above it may be closed to others (/root often is)."""
        try:
            self.run([str(program), "--version"], cwd=Path("/"))
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def run(self, command: list[str], cwd: Path) -> None:
        """Run a program to its end.

        Raises:
            NoPostgres: with what it wrote, when it fails.

        """
        done = subprocess.run(
            command,
            cwd=cwd,
            check=False,
            capture_output=True,
            text=True,
            user=self.user,
            group=self.group,
            extra_groups=self.other_groups,
        )
        if done.returncode:
            message = f"{Path(command[0]).name} failed: {done.stderr.strip()}"
            raise NoPostgres(message)

    @property
    def other_groups(self) -> list[int] | None:
        """No further groups for another account; one's own for oneself."""
        return None if self.user is None else []


def server_account() -> Account:
    """Return the account of the server: `nobody` for root, else the one that runs this program."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def reachable(binaries: Path, account: Account, folder: Path) -> Path:
    """Return the binaries, or a copy of their installation in the folder where the account cannot reach them."""
    if account.may_run(binaries / "postgres"):
        return binaries
    copy = _copy(binaries, folder / "installation")
    for path in (folder / "installation").rglob("*"):
        account.own(path)
    account.own(folder / "installation")
    return copy


def _copy(binaries: Path, folder: Path) -> Path:
    """Copy an installation, with the libraries that an installed wheel keeps beside its package."""
    package = binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    installation = folder / package.name / binaries.parent.name
    return shutil.copytree(binaries.parent, installation, symlinks=True) / binaries.name
