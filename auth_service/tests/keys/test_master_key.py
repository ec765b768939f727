"""Where the master key comes from."""

import stat

import pytest

from gapura_auth.credentials import MasterKey
from gapura_auth.keys.master_key import master_key_from
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError


def test_a_configured_key_is_used(tmp_path):
    text = MasterKey.generate().text()
    assert master_key_from(AuthSettings(home=tmp_path, master_key=text)).text() == text
    assert list(tmp_path.iterdir()) == []


def test_in_development_one_is_made_that_only_its_owner_can_read(tmp_path):
    settings = AuthSettings(home=tmp_path / "new")
    first = master_key_from(settings)
    path = tmp_path / "new" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert master_key_from(settings) == first
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_many_processes_at_once_agree_on_one(tmp_path, at_once, monkeypatch):
    numbers = iter(range(100, 200))
    monkeypatch.setattr("gapura_auth.keys.master_key.os.getpid", lambda: next(numbers))
    assert len({key.text() for key in at_once(8, lambda _: master_key_from(AuthSettings(home=tmp_path)))}) == 1


@pytest.mark.parametrize("text", ["short", "x" * 43 + "!", "A" * 64])
def test_what_is_no_key_is_refused_by_the_name_of_the_variable(tmp_path, text):
    with pytest.raises(ConfigurationError, match=r"GAPURA_MASTER_KEY is not usable\. A master key is 32 random bytes"):
        master_key_from(AuthSettings(home=tmp_path, master_key=text))


def test_a_spoilt_file_is_refused(tmp_path):
    (tmp_path / "master.key").write_text("spoilt")
    with pytest.raises(ConfigurationError):
        master_key_from(AuthSettings(home=tmp_path))
