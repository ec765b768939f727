import subprocess
import sys
from pathlib import Path

from dev.run import TREE

CONFTEST = f"""
import sys
sys.path.insert(0, {str(TREE)!r})
from dev.testing.grouping import SharedServicesScheduling
def pytest_xdist_make_scheduler(config, log):
    return SharedServicesScheduling(config, log)
"""
TEST = """
import os, pathlib, time, pytest
@pytest.mark.parametrize("number", range(6))
def test_where(number):
    time.sleep(0.2)
    with open({file!r}, "a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], file=file)
"""


def workers_of(folder: Path, where: str) -> set[str]:
    notes = folder / "workers"
    (folder / where).mkdir()
    (folder / "pytest.ini").touch()
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / where / "test_where.py").write_text(TEST.format(file=str(notes)))
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses=2", "--dist=loadgroup", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return set(notes.read_text().split())


def test_tests_that_share_running_services_stay_on_one_worker(tmp_path: Path) -> None:
    assert len(workers_of(tmp_path, "tests")) == 1


def test_others_are_spread(tmp_path: Path) -> None:
    assert len(workers_of(tmp_path, "others")) == 2
