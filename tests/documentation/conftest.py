import os
import sys
from pathlib import Path

import pytest

from dev.run import TREE
from tests.documentation.shell import Reader

#: What is made here by running and testing, and is no part of what a reader has.
_MADE = {".git", "build", "var"}


@pytest.fixture
def reader(system, tmp_path):
    """Put a reader into a folder that looks like this tree, beside the running system."""
    folder = tmp_path / "gapura"
    folder.mkdir()
    for entry in TREE.iterdir():
        if entry.name not in _MADE:
            (folder / entry.name).symlink_to(entry)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Reader(folder, system, {**system.environment, "GAPURA_ISSUER": system.auth.address, "PATH": path})
