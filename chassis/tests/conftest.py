import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask

from gapura_chassis.settings import ServiceSettings

sys.path.insert(0, str(Path(__file__).parent))

from running_service import RunningService, free_port
from tiny_service import build

BuildApp = Callable[..., Flask]


@pytest.fixture(scope="session", autouse=True)
def _plain_log_lines() -> None:
    # unconfigured, structlog draws each exception with all local variables, which takes seconds
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=repr)]
    )


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(home=tmp_path)


@pytest.fixture
def app(settings: ServiceSettings) -> Flask:
    return build(settings)


@pytest.fixture
def client(app: Flask) -> Any:
    return app.test_client()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """Start the tiny service as a real process; it is ended with the test."""
    with ExitStack() as stack:

        @contextmanager
        def run(**environ: str) -> Iterator[RunningService]:
            service = RunningService({"GAPURA_HOME": str(tmp_path), "PORT": str(free_port()), **environ})
            try:
                yield service
            finally:
                service.end()

        yield lambda **environ: stack.enter_context(run(**environ))
