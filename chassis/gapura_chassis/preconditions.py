"""Versions of a resource on the wire: `ETag`, `If-None-Match` and `If-Match` (RFC 9110, sections 8.8.3 and 13)."""

from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from gapura_chassis.errors import PreconditionFailed, PreconditionRequired


def entity_tag(version: int) -> str:
    """Return the strong entity tag of a version, as it stands in the `ETag` header."""
    return f'"v{version}"'


def require_match(if_match: str | None, version: int) -> None:
    """Let a change pass only if its `If-Match` header names the present version, or is `*`.

    Raises:
        PreconditionRequired: without the header, so that nobody overwrites what they have not seen.
        PreconditionFailed: when the resource has another version by now.

    """
    if if_match is None:
        message = "Say which version you are changing: send the ETag of your last GET in an If-Match header."
        raise PreconditionRequired(message)
    if not parse_etags(if_match).contains(f"v{version}"):
        raise changed_meanwhile()


def changed_meanwhile() -> PreconditionFailed:
    """Return the refusal of a change to a version that is no longer there."""
    return PreconditionFailed("Somebody changed this in the meantime: read it again and repeat your change.")


def is_unchanged(if_none_match: ETags, version: int) -> bool:
    """Whether the caller already holds this version, so that 304 is the whole answer."""
    return if_none_match.contains_weak(f"v{version}")
