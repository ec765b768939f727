import stat

from gapura.keys.disk_copy import DiskCopy

URL = "https://login.example/jwks.json"


def test_what_was_saved_is_loaded_for_the_same_address_only(tmp_path):
    copy = DiskCopy(tmp_path / "keys.json")
    assert copy.load(URL) is None
    copy.save(URL, b'{"keys":[1]}', 12.5)
    assert copy.load(URL) == (b'{"keys":[1]}', 12.5)
    assert copy.load("https://other.example/jwks.json") is None


def test_only_the_owner_reads_and_writes_it(tmp_path):
    copy = DiskCopy(tmp_path / "keys.json")
    copy.save(URL, b"{}", 1)
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_damaged_file_is_ignored_and_logged(tmp_path, caplog):
    copy = DiskCopy(tmp_path / "keys.json")
    for damage in ("", "[]", "{}", f'{{"url": "{URL}"}}'):
        copy.path.write_text(damage)
        assert copy.load(URL) is None
    assert "cannot be read" in caplog.text


def test_a_disk_that_cannot_be_written_is_logged_and_otherwise_ignored(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    DiskCopy(tmp_path / "file" / "keys.json").save(URL, b"{}", 1)
    assert "could not be stored" in caplog.text
