from pathlib import Path

import pytest

from dev.launcher.failures import ServiceEnded, describe_exit
from dev.launcher.service import Service


@pytest.mark.parametrize(("status", "words"), [(0, "exit status 0"), (3, "exit status 3"), (-9, "SIGKILL")])
def test_an_exit_is_described(status: int, words: str) -> None:
    assert describe_exit(status) == words


def test_a_service_that_died_in_silence_is_said_to_have() -> None:
    assert str(ServiceEnded(Service("auth", Path(), 1), 3, [])).endswith("It wrote nothing.")
