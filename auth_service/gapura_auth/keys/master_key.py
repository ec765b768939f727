"""Where the master key comes from: the settings, or in development a file that only the owner can read."""

import os
from pathlib import Path

from gapura_auth.credentials import InvalidMasterKey, MasterKey
from gapura_auth.settings import AuthSettings
from gapura_chassis.settings import ConfigurationError


def master_key_from(settings: AuthSettings) -> MasterKey:
    """Return the configured master key; in development make one in the home folder where none is configured.

    Raises:
        ConfigurationError: when the configured text is not a key.

    """
    try:
        if settings.master_key is not None:
            return MasterKey.from_text(settings.master_key.get_secret_value())
        return MasterKey.from_text(_read_or_make(settings.home / "master.key"))
    except InvalidMasterKey as error:
        message = f"GAPURA_MASTER_KEY is not usable. {error.sentence}"
        raise ConfigurationError(message) from error


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(MasterKey.generate().text())
        try:
            os.link(draft, path)  # atomic, and never replaces a key that another process has made meanwhile
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
