"""UserInfo: what a client may know of the person who logged in to it (OpenID Connect Core, section 5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from gapura.credentials import Credentials, Scheme, read_credentials
from gapura.errors import GuardError
from gapura_auth.oauth.claims import People, claims_for
from gapura_auth.oauth.client_authentication import Clients
from gapura_auth.oauth.errors import InvalidRequest, OAuthError
from gapura_auth.oauth.grants import Grant, KeyBinding
from gapura_auth.oauth.id_tokens import AlgorithmSigner
from gapura_auth.oauth.issued_tokens import IssuedToken, IssuedTokens
from gapura_auth.oauth.key_binding import NO_KEYS, PresentedKeys, ProofReader
from gapura_auth.oauth.vocabulary import OPENID, ErrorCode

USERINFO_TYPE = "JWT"


@dataclass(frozen=True, slots=True)
class UserInfoRequest:
    """A request with an access token: in the header, or in the form of a POST (RFC 6750, section 2)."""

    method: str
    authorization: str | None
    token_in_form: str | None = None
    keys: PresentedKeys = NO_KEYS


@dataclass(frozen=True, slots=True)
class UserInfoAnswer:
    """The claims, and the same as a signed JWT where the client is registered for that (section 5.3.2)."""

    claims: Mapping[str, object]
    signed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """Answers with what scopes and single requests give away."""

    issuer: str
    #: audience of the tokens that are meant for us
    audience: str
    #: our own address, which proofs must be made for
    address: str
    tokens: IssuedTokens
    proofs: ProofReader
    people: People
    clients: Clients
    signer: AlgorithmSigner

    def answer(self, request: UserInfoRequest) -> UserInfoAnswer:
        """Return the claims of the person that the token stands for.

        Raises:
            OAuthError: with the challenge of RFC 6750 or RFC 9449.

        """
        credentials = _credentials(request)
        issued = self.tokens.find_active(credentials.token)
        if issued is None or issued.grant is None or not {self.audience, self.issuer} & set(issued.token.audience):
            raise _refusal(ErrorCode.INVALID_TOKEN, "The token is not good here.", credentials.scheme)
        self._check_possession(issued, credentials, request)
        if OPENID not in issued.token.scopes:
            raise _refusal(ErrorCode.INSUFFICIENT_SCOPE, "This needs the scope openid.", credentials.scheme, 403)
        return self._answer(issued, issued.grant)

    def _answer(self, issued: IssuedToken, grant: Grant) -> UserInfoAnswer:
        person, client = self.people.find(grant.subject), self.clients.find(grant.client_id)
        if person is None or client is None:
            raise _refusal(ErrorCode.INVALID_TOKEN, "The token is not good any more.", Scheme.BEARER)
        claims = claims_for(person, issued.token.scopes & grant.scopes, grant.requested_claims.userinfo)
        algorithm = client.algorithms.userinfo
        if algorithm is None:
            return UserInfoAnswer(claims)
        content = claims | {"iss": self.issuer, "aud": client.id}
        return UserInfoAnswer(claims, self.signer.sign_with(algorithm, content, typ=USERINFO_TYPE))

    def _check_possession(self, issued: IssuedToken, credentials: Credentials, request: UserInfoRequest) -> None:
        """Refuse a bound token without its key (RFC 9449, section 7.2; RFC 8705, section 3)."""
        bound, scheme = issued.binding, credentials.scheme
        if (bound.jkt is not None) != (scheme is Scheme.DPOP):
            raise _refusal(ErrorCode.INVALID_TOKEN, "The token is not presented as it must be.", Scheme.DPOP)
        if bound.jkt is not None and self._proved(credentials.token, request) != bound.jkt:
            raise _refusal(ErrorCode.INVALID_DPOP_PROOF, "The proof is missing, or made with another key.", Scheme.DPOP)
        if not _has_certificate(bound, request.keys):
            raise _refusal(ErrorCode.INVALID_TOKEN, "The token is bound to another certificate.", Scheme.BEARER)

    def _proved(self, token: str, request: UserInfoRequest) -> str | None:
        try:
            return self.proofs.thumbprint(request.keys, request.method, self.address, token)
        except OAuthError as error:
            raise _refusal(error.code, error.description, Scheme.DPOP) from None


def _has_certificate(bound: KeyBinding, keys: PresentedKeys) -> bool:
    shown = keys.certificate.thumbprint if keys.certificate is not None else None
    return bound.x5t_s256 is None or bound.x5t_s256 == shown


def _credentials(request: UserInfoRequest) -> Credentials:
    if request.token_in_form is not None:
        if request.authorization is not None:
            raise InvalidRequest("The token was sent in more than one way.")
        return Credentials(Scheme.BEARER, request.token_in_form)
    try:
        return read_credentials(request.authorization)
    except GuardError as error:
        if error.error is None:  # RFC 6750, section 3.1: who brings no token is told no more than how to
            challenge = {"WWW-Authenticate": 'Bearer realm="gapura", DPoP realm="gapura"'}
            raise OAuthError(ErrorCode.INVALID_TOKEN, "The token is missing.", status=401, headers=challenge) from None
        raise InvalidRequest("The Authorization header does not hold one token.") from None


def _refusal(code: ErrorCode, description: str, scheme: Scheme, status: int = 401) -> OAuthError:
    name = "DPoP" if scheme is Scheme.DPOP else "Bearer"
    challenge = f'{name} realm="gapura", error="{code}", error_description="{description}"'
    if code is ErrorCode.INSUFFICIENT_SCOPE:
        challenge += f', scope="{OPENID}"'
    return OAuthError(code, description, status=status, headers={"WWW-Authenticate": challenge})
