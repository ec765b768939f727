"""The one place that authenticates clients: at the token endpoint and at every other one that clients call directly.

A request proves the client's identity in exactly one way, and it must be the way that the client is registered with
(RFC 6749, section 2.3). Whatever goes wrong, and whether the client exists or not, the answer is the same.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import NoReturn, Protocol

from gapura_auth.oauth.assertions import ASSERTION_TYPE, AssertionVerifier, BadAssertion, client_id_in
from gapura_auth.oauth.basic_credentials import BasicCredentials, MalformedBasicCredentials, read_basic_credentials
from gapura_auth.oauth.certificates import ClientCertificate
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidClient, InvalidRequest
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_chassis.clock import Clock, Timestamp

CHALLENGE = 'Basic realm="gapura"'
LONGEST_CLIENT_ID = 2048

_WITHOUT_PARAMETERS = frozenset(
    {ClientAuthentication.NONE, ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS}
)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a request says of its client outside its parameters."""

    #: the Authorization header, as it was sent
    authorization: str | None = None
    #: the certificate of the connection
    certificate: ClientCertificate | None = None


class Clients(Protocol):
    """Where clients are found."""

    def find(self, client_id: str) -> Client | None:
        """Return the client with this identifier."""


class ClientCertificates(Protocol):
    """Where the certificates stand that clients have signed themselves."""

    def certificates(self, client: Client) -> frozenset[bytes]:
        """Return the SHA-256 of each certificate in the client's JWK Set (RFC 8705, section 2.2.2)."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who a request says it comes from, and how it means to prove it; no method where it brings nothing itself."""

    client_id: str
    method: ClientAuthentication | None = None
    secret: str = ""
    assertion: str = ""


@dataclass(frozen=True, slots=True)
class ClientAuthenticator:
    """Finds out which client a request comes from."""

    clients: Clients
    assertions: AssertionVerifier
    certificates: ClientCertificates
    clock: Clock

    def authenticate(self, credentials: ClientCredentials, parameters: Parameters) -> Client:
        """Return the client of a request.

        Raises:
            InvalidRequest: when no client is named, or more than one way to authenticate is used.
            InvalidClient: when the client is unknown, or did not prove who it is.

        """
        challenge = CHALLENGE if credentials.authorization is not None else None
        claim = _read(credentials, parameters, challenge)
        client = self.clients.find(claim.client_id) if len(claim.client_id) <= LONGEST_CLIENT_ID else None
        if client is None:
            _refuse(challenge)
        if not _uses_its_method(client, claim) or not self._is_proved(client, claim, credentials):
            _refuse(challenge)
        return client

    def _is_proved(self, client: Client, claim: _Claim, credentials: ClientCredentials) -> bool:
        match client.authentication:
            case ClientAuthentication.NONE:
                return True
            case ClientAuthentication.SECRET_BASIC | ClientAuthentication.SECRET_POST:
                return has_secret(client, claim.secret, self.clock())
            case ClientAuthentication.PRIVATE_KEY_JWT:
                return self._is_asserted(client, claim.assertion)
            case ClientAuthentication.TLS:
                certificate = credentials.certificate
                return certificate is not None and certificate.chain_verified and certificate.has_identity(client.tls)
            case ClientAuthentication.SELF_SIGNED_TLS:
                return self._is_registered(client, credentials.certificate)

    def _is_asserted(self, client: Client, assertion: str) -> bool:
        try:
            self.assertions.verify(client, assertion)
        except BadAssertion:
            return False
        return True

    def _is_registered(self, client: Client, certificate: ClientCertificate | None) -> bool:
        if certificate is None:
            return False
        return hashlib.sha256(certificate.der).digest() in self.certificates.certificates(client)


def has_secret(client: Client, secret: str, now: Timestamp) -> bool:
    """Whether a text is one of the client's valid secrets; takes the same time whichever it is."""
    presented = hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
    # every secret is compared, whatever the others gave
    same = [hmac.compare_digest(kept.digest, presented) and kept.is_valid(now) for kept in client.secrets]
    return any(same)


def _uses_its_method(client: Client, claim: _Claim) -> bool:
    if claim.method is None:
        return client.authentication in _WITHOUT_PARAMETERS
    return claim.method is client.authentication


def _read(credentials: ClientCredentials, parameters: Parameters, challenge: str | None) -> _Claim:
    named = parameters.get("client_id")
    claims = [
        claim
        for claim in (_basic(credentials, challenge), _post(parameters), _assertion(parameters))
        if claim is not None
    ]
    if len(claims) > 1:
        raise InvalidRequest("The client authenticates in more than one way.")
    if not claims:
        return _Claim(parameters.require("client_id"))
    if named is not None and named != claims[0].client_id:
        _refuse(challenge)
    return claims[0]


def _basic(credentials: ClientCredentials, challenge: str | None) -> _Claim | None:
    if credentials.authorization is None:
        return None
    try:
        basic: BasicCredentials = read_basic_credentials(credentials.authorization)
    except MalformedBasicCredentials:
        _refuse(challenge)
    return _Claim(basic.client_id, ClientAuthentication.SECRET_BASIC, secret=basic.secret)


def _post(parameters: Parameters) -> _Claim | None:
    secret = parameters.get("client_secret")
    if secret is None:
        return None
    return _Claim(parameters.require("client_id"), ClientAuthentication.SECRET_POST, secret=secret)


def _assertion(parameters: Parameters) -> _Claim | None:
    assertion, kind = parameters.get("client_assertion"), parameters.get("client_assertion_type")
    if assertion is None and kind is None:
        return None
    if assertion is None or kind != ASSERTION_TYPE:
        raise InvalidRequest("A client assertion needs its type, and the type its assertion.")
    try:
        client_id = client_id_in(assertion)
    except BadAssertion:
        _refuse(None)
    return _Claim(client_id, ClientAuthentication.PRIVATE_KEY_JWT, assertion=assertion)


def _refuse(challenge: str | None) -> NoReturn:
    raise InvalidClient(challenge=challenge)
