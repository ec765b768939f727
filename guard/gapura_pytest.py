# ruff: noqa: INP001 - it is one module
"""Fixtures that pytest finds by itself once the guard is installed; they expect the project's own fixture `app`.

It stands beside the package and imports it late, so that pytest can start without it and coverage can measure it.
"""

from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from gapura.testing import PretendIssuer


@pytest.fixture
def pretend_issuer(app: "Flask") -> "PretendIssuer":
    """Give the issuer that the application under test believes."""
    from gapura import testing  # noqa: PLC0415

    return testing.pretend_issuer(app)


@pytest.fixture
def as_user(app: "Flask") -> "Callable[..., FlaskClient]":
    """Give clients that are logged in: `as_user("ani", scopes=["products:write"])`."""
    from gapura import testing  # noqa: PLC0415

    return partial(testing.as_user, app)
