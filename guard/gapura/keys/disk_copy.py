import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiskCopy:
    """The last good JWK Set on disk, for a start while the issuer is away.

    Whoever can write this file can sign tokens: it belongs in a directory of the service's own (it is made 0600).
    """

    path: Path

    def load(self, url: str) -> tuple[bytes, float] | None:
        """Read the set fetched from this address and when that was, or None."""
        try:
            record = json.loads(self.path.read_text("utf-8"))
            if record["url"] != url:
                return None
            return str(record["jwks"]).encode(), float(record["fetched_at"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            logger.warning("The stored keys in %s cannot be read; they are ignored.", self.path)
            return None

    def save(self, url: str, jwks: bytes, fetched_at: float) -> None:
        """Replace the file in one step; a disk that is full or read-only is logged and otherwise ignored."""
        record = json.dumps({"url": url, "fetched_at": fetched_at, "jwks": jwks.decode()})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile("w", dir=self.path.parent, delete=False, encoding="utf-8") as file:
                file.write(record)
            Path(file.name).replace(self.path)
        except OSError as error:
            logger.warning("The keys could not be stored in %s: %s", self.path, error)
