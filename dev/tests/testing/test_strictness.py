import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """
import os
import pytest
from dev.testing.strictness import is_strict, skip_is_failure

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport():
    report = yield
    return skip_is_failure(report) if is_strict(os.environ) else report

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report():
    report = yield
    return skip_is_failure(report) if is_strict(os.environ) else report
"""
TREE = Path(__file__).resolve().parents[3]

TESTS = {
    "test_skips.py": "def test_it(): pytest.skip('nothing here')",
    "test_mark.py": "@pytest.mark.skip(reason='nothing marked')\ndef test_it(): pass",
    "test_fixture.py": "@pytest.fixture\ndef it(): pytest.skip('nothing to fix')\ndef test_it(it): pass",
    "test_module.py": "pytest.skip('nothing at all', allow_module_level=True)",
    "test_xfail.py": "@pytest.mark.xfail\ndef test_it(): assert False",
    "test_pass.py": "def test_it(): pass",
}


def run(folder: Path, ci: str) -> str:
    (folder / "conftest.py").write_text(CONFTEST)
    for name, test in TESTS.items():
        (folder / name).write_text(f"import pytest\n{test}\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", ".", "-raxs"]
    environment = {**os.environ, "PYTHONPATH": str(TREE), "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command += ["--continue-on-collection-errors"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


def test_in_ci_a_skip_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    output = run(tmp_path, ci="true")
    assert "1 failed, 1 passed, 1 xfailed, 3 errors" in output
    for reason in ("nothing here", "nothing marked", "nothing to fix", "nothing at all"):
        assert f"With CI=true no test may be skipped. Skipped: {reason}" in output


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    assert "1 passed, 4 skipped, 1 xfailed" in run(tmp_path, ci="")
