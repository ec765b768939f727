"""Request objects by value: an authorization request that its client has signed (RFC 9101)."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from gapura.jose import CompactJws, JoseError, parse_compact, verify_signature
from gapura_auth.oauth.assertions import UsedIdentifiers, VerificationKeys
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.parameters import MOST_REPEATED, Parameters
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock, Timestamp

TYPE = "oauth-authz-req+jwt"
LONGEST_LIFE = 3600.0
CLOCK_SKEW = 10.0
LONGEST_JTI = 256

#: Claims about the object itself (RFC 7519, section 4.1), which are no parameters.
_ABOUT_THE_OBJECT = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
_KIND = "request object"


class InvalidRequestObject(OAuthError):
    """The request object is not good, or not this client's (RFC 9101, section 7)."""

    def __init__(self, description: str) -> None:
        super().__init__(ErrorCode.INVALID_REQUEST_OBJECT, description)


@dataclass(frozen=True, slots=True)
class RequestObjects:
    """Reads request objects."""

    issuer: str
    keys: VerificationKeys
    used: UsedIdentifiers
    clock: Clock

    def read(self, text: str, client: Client) -> Parameters:
        """Return the parameters inside; nothing outside counts beside them (section 6.3).

        Raises:
            InvalidRequestObject: when it cannot be believed.
            InvalidRequest: when a parameter inside is not as it must be.

        """
        now = self.clock()
        claims = self._verified(text, client)
        expires_at = _check_times(claims, now, strict=client.rules.signed_request_required)
        self._check_parties(claims, client)
        parameters = Parameters.of(_pairs(claims))
        self._use(claims.get("jti"), client, expires_at, now)
        return parameters

    def _verified(self, text: str, client: Client) -> Mapping[str, object]:
        try:
            jws = parse_compact(text)
            if jws.header.typ != TYPE:  # or another JWT of the client could be taken for a request (section 10.8)
                raise InvalidRequestObject("The request object is a token of another type.")
            self._verify_signature(jws, client)
            return jws.claims()
        except JoseError as error:
            raise InvalidRequestObject(str(error)) from None

    def _verify_signature(self, jws: CompactJws, client: Client) -> None:
        registered = client.algorithms.request_object
        if registered is not None and jws.header.alg != registered:
            raise InvalidRequestObject("The request object is not signed with the registered algorithm.")
        for key in self.keys.candidates(client, jws, registered):
            try:
                return verify_signature(jws, key)
            except JoseError:
                continue
        raise InvalidRequestObject("The request object is signed with none of the keys of the client.")

    def _check_parties(self, claims: Mapping[str, object], client: Client) -> None:
        if claims.get("iss") != client.id or claims.get("client_id") != client.id:
            raise InvalidRequestObject("The request object is that of another client.")
        audience = claims.get("aud")
        if self.issuer not in (audience if isinstance(audience, list) else [audience]):
            raise InvalidRequestObject("The request object is meant for another server.")

    def _use(self, jti: object, client: Client, expires_at: Timestamp, now: Timestamp) -> None:
        if jti is None:
            return
        if not isinstance(jti, str) or len(jti) > LONGEST_JTI:
            raise InvalidRequestObject("The jti of the request object is not a short string.")
        if not self.used.first_use(_KIND, f"{client.id} {jti}", expires_at + CLOCK_SKEW, now):
            raise InvalidRequestObject("The request object was used before.")


def _check_times(claims: Mapping[str, object], now: Timestamp, *, strict: bool) -> Timestamp:
    """Return when the object expires; `strict` is FAPI 2.0 Message Signing, section 5.3.1: `nbf` must be there too."""
    expires_at, begins = _time(claims, "exp"), _time(claims, "nbf")
    if expires_at is None or not now - CLOCK_SKEW < expires_at:
        raise InvalidRequestObject("The request object has expired.")
    if begins is None and strict:
        raise InvalidRequestObject("The request object does not say since when it is good.")
    if begins is not None and begins > now + CLOCK_SKEW:
        raise InvalidRequestObject("The request object is from the future.")
    if expires_at - (now if begins is None else begins) > LONGEST_LIFE + CLOCK_SKEW:
        raise InvalidRequestObject("The request object is good for too long.")
    return expires_at


def _time(claims: Mapping[str, object], name: str) -> Timestamp | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidRequestObject(f"The {name} of the request object is not a number.")
    return float(value)


def _pairs(claims: Mapping[str, object]) -> list[tuple[str, str]]:
    if "request" in claims or "request_uri" in claims:
        raise InvalidRequestObject("A request object cannot hold another one.")
    return [
        (name, text) for name, value in claims.items() if name not in _ABOUT_THE_OBJECT for text in _texts(name, value)
    ]


def _texts(name: str, value: object) -> list[str]:
    """Return a member as a parameter would be written (section 4: numbers and objects as JSON)."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and name == "claims":
        return [orjson.dumps(value).decode()]
    if isinstance(value, int) and not isinstance(value, bool) and name == "max_age":
        return [str(value)]
    if isinstance(value, list) and name == "resource" and len(value) <= MOST_REPEATED:
        texts = [text for text in value if isinstance(text, str)]
        if len(texts) == len(value):
            return texts
    raise InvalidRequestObject(f"The member {name} of the request object is not of its type.")
