# ruff: noqa: INP001 - it is one module
"""Fixtures that pytest finds by itself once the auth service is installed.

It stands beside the package and imports it late, so that pytest starts without it and coverage can measure it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gapura_auth.testing import AuthService


@pytest.fixture
def gapura_auth_settings() -> Mapping[str, object]:
    """Give the settings of the auth service under test, named as in `AuthSettings`: a project may replace it."""
    return {}


@pytest.fixture
def gapura_auth_service(tmp_path: Path, gapura_auth_settings: Mapping[str, object]) -> "Iterator[AuthService]":
    """Give the real auth service, in this process, on an SQLite file of this test's own."""
    from gapura_auth.testing import open_auth_service  # noqa: PLC0415

    with open_auth_service(tmp_path / "gapura-auth", **gapura_auth_settings) as service:
        yield service
