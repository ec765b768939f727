import atexit
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from dev.launcher.tether import tether
from dev.postgres.account import Account, reachable, server_account
from dev.postgres.binaries import find_binaries
from dev.postgres.failures import NoPostgres

_START_SECONDS = 30
_STOP_SECONDS = 10
_POLL_SECONDS = 0.02
_TEMPORARY = "/tmp"  # noqa: S108 -- mkdtemp's folder in it; a socket's path may have 107 bytes, TMPDIR is often longer

_INITDB = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
_LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # the same on every platform
_OLD_LOCALE = ["--locale=C.UTF-8"]  # before PostgreSQL 17
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "300",
    "listen_addresses": "",
}


class PostgresServer:
    """A running server in a temporary folder. It ends with `stop`, with this process, or when this process is killed.

    Raises:
        NoPostgres: when it cannot be started, with the reason.

    """

    def __init__(self, binaries: Path | None = None) -> None:
        atexit.register(self.stop)
        self._process: subprocess.Popen[bytes] | None = None
        self._account = server_account()
        self._folder = Path(tempfile.mkdtemp(prefix="gapura-postgresql-", dir=_TEMPORARY))
        try:
            self._account.own(self._folder)
            self._process = self._start(reachable(binaries or find_binaries(), self._account, self._folder))
            self._wait(time.monotonic() + _START_SECONDS)
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """Address of the database `postgres`, as its owner."""
        return f"postgresql://postgres@/postgres?host={self._folder}"

    def stop(self) -> None:
        """End the server at once and delete its folder; harmless when that has been done."""
        atexit.unregister(self.stop)
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, binaries: Path) -> subprocess.Popen[bytes]:
        data = self._folder / "data"
        _initialise(binaries, data, self._account)
        settings = _SETTINGS | {"unix_socket_directories": str(self._folder)}
        with (self._folder / "log").open("wb") as log:
            return subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), *(f"--{key}={value}" for key, value in settings.items())],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._account.user,
                group=self._account.group,
                extra_groups=self._account.other_groups,
                start_new_session=True,  # a Ctrl-C is for the tests; they stop the server afterwards
                preexec_fn=tether(signal.SIGQUIT),  # noqa: PLW1509 -- started before any thread of the tests
            )

    def _wait(self, deadline: float) -> None:
        while not _answers(self.url):
            if time.monotonic() > deadline or self._ended():
                log = (self._folder / "log").read_text(errors="replace")
                message = f"The PostgreSQL server did not start: {log[-1000:]}"
                raise NoPostgres(message)
            time.sleep(_POLL_SECONDS)

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None


def _initialise(binaries: Path, data: Path, account: Account) -> None:
    """Make the folder of a new server's data; an old `initdb` does not know the first locale."""
    initdb = [str(binaries / "initdb"), f"--pgdata={data}", *_INITDB]
    try:
        account.run([*initdb, *_LOCALE], cwd=data.parent)
    except NoPostgres:
        account.run([*initdb, *_OLD_LOCALE], cwd=data.parent)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
