from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gapura.claims import required_text
from gapura.errors import InvalidTokenError

MAX_INDEX = 2**23
_OBJECTS = (dict, MappingProxyType)  # as they are parsed, and as a verified token holds them


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Which bit says whether a token is revoked."""

    uri: str
    index: int


def read_reference(claims: Mapping[str, object]) -> StatusReference | None:
    """Read a token's `status` claim, or None when it has none; a malformed one raises `InvalidTokenError`."""
    if "status" not in claims:
        return None
    status = claims["status"]
    status_list = status.get("status_list") if isinstance(status, _OBJECTS) else None
    if not isinstance(status_list, _OBJECTS):
        raise InvalidTokenError("The token's status is of a kind that is not supported.")
    index = status_list.get("idx")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < MAX_INDEX:
        raise InvalidTokenError("The token's status has no index.")
    return StatusReference(required_text(status_list, "uri"), index)
