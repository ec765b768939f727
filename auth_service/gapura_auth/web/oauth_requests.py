"""Reads requests to the protocol's endpoints into frozen values, once, for all of them."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Request

from gapura.jose import InvalidJwsError, parse_json_object
from gapura_auth.oauth.certificates import ClientCertificate, certificate_from
from gapura_auth.oauth.client_authentication import ClientCredentials
from gapura_auth.oauth.errors import InvalidClientMetadata, InvalidRequest
from gapura_auth.oauth.parameters import MOST_VALUES, Parameters
from gapura_chassis.api.models import is_storable

FORM = "application/x-www-form-urlencoded"

#: Where the WSGI middleware of `web.certificate_headers` leaves what a trusted proxy has said.
CERTIFICATE, CERTIFICATE_VERIFIED = "gapura.client_certificate", "gapura.client_certificate_verified"


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request that a client itself makes: to the token endpoint, and to every other one that is not for browsers."""

    parameters: Parameters
    credentials: ClientCredentials
    #: every proof of possession that was sent (RFC 9449), not verified; more than one is an error
    dpop_proofs: tuple[str, ...]
    #: what the proof must be made for: method and path, below the issuer
    method: str
    path: str


def read_client_request(request: Request) -> ClientRequest:
    """Read a form with what stands beside it in headers.

    Raises:
        InvalidRequest: when the body is no form, or a parameter is given twice.

    """
    return ClientRequest(
        parameters=read_form(request),
        credentials=ClientCredentials(request.headers.get("Authorization"), read_certificate(request)),
        dpop_proofs=read_dpop_proofs(request),
        method=request.method,
        path=request.path,
    )


def read_form(request: Request) -> Parameters:
    """Return the parameters of a form in the body; those in the address do not count (RFC 6749, section 3.2).

    Raises:
        InvalidRequest: when the body is something else, is not in UTF-8, or a parameter is given twice.

    """
    if request.mimetype != FORM:
        raise InvalidRequest(f"The body must be a form: Content-Type: {FORM}.")
    return Parameters.of(_pairs(request.get_data(cache=True)))


def read_query(request: Request) -> Parameters:
    """Return the parameters of the address.

    Raises:
        InvalidRequest: when they are not in UTF-8, or one is given twice.

    """
    return Parameters.of(_pairs(request.query_string))


def read_certificate(request: Request) -> ClientCertificate | None:
    """Return the certificate of the connection, as a trusted proxy has passed it on.

    Raises:
        InvalidRequest: when what the proxy has passed on is no certificate.

    """
    text = request.environ.get(CERTIFICATE, "")
    if not text:
        return None
    verified = request.environ.get(CERTIFICATE_VERIFIED, "").upper() == "SUCCESS"
    try:
        return certificate_from(_certificate_bytes(text), chain_verified=verified)
    except ValueError:
        raise InvalidRequest("The client certificate cannot be read.") from None


def read_dpop_proofs(request: Request) -> tuple[str, ...]:
    """Return the proofs of possession; two headers of one name arrive joined by a comma, which no proof holds."""
    return tuple(proof.strip() for proof in request.headers.get("DPoP", "").split(",") if proof.strip())


def read_bearer(request: Request) -> str | None:
    """Return the token of an `Authorization: Bearer` header (RFC 6750, section 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def read_json_object(request: Request) -> dict[str, object]:
    """Return a registration document (RFC 7591, section 3.1).

    Raises:
        InvalidClientMetadata: when the body is not a JSON object with every member once.

    """
    if request.mimetype != "application/json":
        raise InvalidClientMetadata("The body must be JSON: Content-Type: application/json.")
    try:
        document = parse_json_object(request.get_data(cache=True))
    except InvalidJwsError:
        raise InvalidClientMetadata("The body is not a JSON object whose members each come once.") from None
    if not is_storable(document):
        raise InvalidClientMetadata("The body has a character or a number that cannot be kept.")
    return document


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_VALUES, separator="&"
        )
    except ValueError:
        raise InvalidRequest("The parameters are too many, or not in UTF-8.") from None


def _certificate_bytes(text: str) -> bytes:
    """Undo how proxies write a certificate: as RFC 9440 says, as nginx escapes it, or as the bare base64 of DER."""
    if text.startswith(":") and text.endswith(":"):
        text = text[1:-1]
    if text.startswith("-----BEGIN"):
        return unquote_to_bytes(text)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
