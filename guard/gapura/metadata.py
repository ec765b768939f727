"""Where to log in: what a protected resource says about itself to a client that meets it first (RFC 9728)."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from gapura.dpop.proof import DPOP_ALGORITHMS
from gapura.errors import ConfigurationError

METADATA_MAX_AGE = 3600
WELL_KNOWN = "/.well-known/oauth-protected-resource"


@dataclass(frozen=True, slots=True)
class ProtectedResource:
    """A service under its public address, such as "https://shop.example/api" (RFC 9728 section 1.2)."""

    identifier: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.identifier)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ConfigurationError(
                f"The resource {self.identifier!r} is not an http(s) URL without query and fragment."
            )

    @property
    def origin(self) -> str:
        """Its scheme, host and port, as clients see them: a proxy may make a request look different."""
        parts = urlsplit(self.identifier)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def metadata_path(self) -> str:
        """Where its metadata is: the well-known name stands before the resource's own path (section 3.1)."""
        return WELL_KNOWN + urlsplit(self.identifier).path.rstrip("/")

    @property
    def metadata_url(self) -> str:
        """The address of its metadata, as it stands in `WWW-Authenticate` (section 5.1)."""
        return f"{self.origin}{self.metadata_path}"

    def metadata(self, issuers: Iterable[str], scopes: Iterable[str]) -> dict[str, object]:
        """Give the metadata (section 2): who issues tokens for it, which scopes it knows, how they are presented."""
        lists = {"authorization_servers": sorted(issuers), "scopes_supported": sorted(scopes)}
        return {
            "resource": self.identifier,
            **{name: values for name, values in lists.items() if values},  # an empty list is left out (section 3.2)
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS),
        }
