from gapura.errors import MalformedRequestError, MissingTokenError

_PARTS = 2


def read_bearer(header: str | None) -> str:
    """Read the token of an Authorization header (RFC 6750 section 2.1).

    Raises `MissingTokenError` when there are no credentials of ours (another scheme is none of ours), and
    `MalformedRequestError` when there is not exactly one token.
    """
    if header is None or not header.strip():
        raise MissingTokenError
    parts = header.split()
    if parts[0].lower() != "bearer":
        raise MissingTokenError("The Authorization header must be 'Bearer' and one token.")
    if len(parts) != _PARTS or "," in parts[1]:
        raise MalformedRequestError
    return parts[1]
