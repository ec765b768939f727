"""The registration document of a client as it travels (RFC 7591, section 2; OpenID Connect Registration, section 2).

Here it is read: names, types, limits. Whether its members agree with each other is said in `client_rules`, and what
they mean for us in `client_documents`. Members that we do not know are ignored, as the RFC asks.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from gapura.jose import ALGORITHMS
from gapura_auth.oauth.errors import InvalidClientMetadata, InvalidRedirectUri, InvalidScope
from gapura_auth.oauth.redirect_uris import LONGEST_URI, fault_of
from gapura_auth.oauth.scopes import parse_scope
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType

#: With which algorithms clients may sign; a shared secret is not among them.
CLIENT_ALGORITHMS = frozenset(ALGORITHMS) - {"HS256"}
#: With which algorithms tokens are signed for clients.
ID_TOKEN_ALGORITHMS = frozenset({"RS256", "ES256"})

MOST_URIS = 50
MOST_WORDS = 50
LONGEST_TEXT = 255


def _is_web_address(value: str) -> str:
    if not value.startswith(("https://", "http://")) or fault_of(value.replace("http://", "https://", 1)) is not None:
        message = "must be an address that a browser can open"
        raise ValueError(message)
    return value


def _is_printable(value: str) -> str:
    # control and format characters could make a name read like another one where people are asked for consent
    if not value.isprintable() or not value.strip():
        message = "must be printable text"
        raise ValueError(message)
    return value


def _is_scope(value: str) -> str:
    try:
        parse_scope(value)
    except InvalidScope as error:
        raise ValueError(error.description) from None
    return value


def _is_redirect_uri(value: str) -> str:
    if fault := fault_of(value):
        raise ValueError(fault)
    return value


Text = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_TEXT)]
WebAddress = Annotated[StrictStr, Field(max_length=LONGEST_URI), AfterValidator(_is_web_address)]
RedirectUri = Annotated[StrictStr, AfterValidator(_is_redirect_uri)]
RedirectUris = Annotated[tuple[RedirectUri, ...], Field(max_length=MOST_URIS)]
Words = Annotated[tuple[Text, ...], Field(max_length=MOST_WORDS)]
ClientAlgorithm = Literal[
    "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"
]
#: with which we may sign for a client; which of them we do is a setting
OurAlgorithm = Literal["RS256", "ES256", "PS256", "ES384", "EdDSA"]


class ClientMetadata(BaseModel):
    """A registration document; what is left out has the default of the RFC, or the safer one."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    client_name: Annotated[Text, AfterValidator(_is_printable)] | None = None
    client_uri: WebAddress | None = None
    logo_uri: WebAddress | None = None
    policy_uri: WebAddress | None = None
    tos_uri: WebAddress | None = None

    redirect_uris: RedirectUris = ()
    grant_types: tuple[GrantType, ...] = (GrantType.AUTHORIZATION_CODE,)
    response_types: tuple[Literal["code"], ...] | None = None
    application_type: Literal["web", "native"] = "web"
    subject_type: Literal["public"] = "public"
    scope: Annotated[StrictStr, AfterValidator(_is_scope)] | None = None

    token_endpoint_auth_method: ClientAuthentication = ClientAuthentication.SECRET_BASIC
    token_endpoint_auth_signing_alg: ClientAlgorithm | None = None
    jwks: dict[str, object] | None = None
    jwks_uri: WebAddress | None = None
    tls_client_auth_subject_dn: Annotated[StrictStr, Field(min_length=1, max_length=1024)] | None = None
    tls_client_auth_san_dns: Text | None = None
    tls_client_auth_san_uri: Text | None = None
    tls_client_auth_san_ip: Text | None = None
    tls_client_auth_san_email: Text | None = None

    id_token_signed_response_alg: OurAlgorithm = "RS256"  # noqa: S105 -- the name of an algorithm
    userinfo_signed_response_alg: OurAlgorithm | None = None
    introspection_signed_response_alg: OurAlgorithm | None = None
    request_object_signing_alg: ClientAlgorithm | None = None

    require_pushed_authorization_requests: StrictBool = False
    require_signed_request_object: StrictBool = False
    dpop_bound_access_tokens: StrictBool = False
    tls_client_certificate_bound_access_tokens: StrictBool = False

    default_max_age: Annotated[StrictInt, Field(ge=0, le=2**31)] | None = None
    default_acr_values: Words = ()
    require_auth_time: StrictBool = False

    post_logout_redirect_uris: RedirectUris = ()
    backchannel_logout_uri: WebAddress | None = None
    backchannel_logout_session_required: StrictBool = False
    frontchannel_logout_uri: WebAddress | None = None
    frontchannel_logout_session_required: StrictBool = False

    # our own members; whoever registers by itself needs a policy that allows the first two
    first_party: StrictBool = False
    require_pkce: StrictBool = True
    assertion_audience: Literal["issuer", "issuer_or_endpoint"] = "issuer_or_endpoint"
    resources: Words = ()


def read_metadata(document: Mapping[str, object]) -> ClientMetadata:
    """Return the document as a checked value.

    Raises:
        InvalidRedirectUri: when a redirect URI cannot be registered.
        InvalidClientMetadata: when another member has the wrong type or a value that is not supported.

    """
    try:
        return ClientMetadata.model_validate(dict(document))
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> InvalidClientMetadata | InvalidRedirectUri:
    detail = error.errors(include_url=False, include_context=False, include_input=False)[0]
    member = str(detail["loc"][0])
    sentence = f"{member}: {detail['msg'].removeprefix('Value error, ')}."
    return InvalidRedirectUri(sentence) if member == "redirect_uris" else InvalidClientMetadata(sentence)
