"""The document that an issuer publishes: where it may be, how large, and who signed it."""

from urllib.parse import unquote, urlsplit

from gapura.errors import InvalidTokenError
from gapura.jose import JwsLimits, parse_compact, verify_signature
from gapura.keys.key_set import KeySet
from gapura.revocation.status_list import STATUS_LIST_TYP, StatusList, decode_status_list

LIST_LIMITS = JwsLimits(payload=2 * 1024 * 1024)


def read_document(body: bytes, uri: str, keys: KeySet) -> StatusList:
    """Read a status list token from the address it was fetched from, or raise an error that says what is wrong."""
    jws = parse_compact(body.decode("ascii").strip(), limits=LIST_LIMITS)
    key = keys.find(jws.header.kid)
    if jws.header.typ != STATUS_LIST_TYP or key is None:
        raise InvalidTokenError("The document is not a status list, or not signed by its issuer.")
    verify_signature(jws, key)
    return decode_status_list(jws.claims(), uri=uri)


def is_under(uri: str, issuer: str) -> bool:
    """Tell whether an address is the issuer's own: only those are ever fetched."""
    path = unquote(urlsplit(uri).path)
    return uri.startswith(issuer.rstrip("/") + "/") and "/../" not in f"{path}/" and "\\" not in path
