"""What the auth service checks before it starts."""

import pytest

from gapura_auth.credentials import MasterKey
from gapura_auth.factory import prepare
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError


def test_a_second_start_finds_everything_in_order(tmp_path):
    for _ in range(2):
        prepare(AuthSettings(home=tmp_path))


def test_a_master_key_that_does_not_open_the_stored_keys_refuses_to_start(tmp_path):
    prepare(AuthSettings(home=tmp_path))
    with pytest.raises(ConfigurationError, match="cannot be opened with this GAPURA_MASTER_KEY"):
        prepare(AuthSettings(home=tmp_path, master_key=MasterKey.generate().text()))
