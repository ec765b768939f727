"""An authorization request, read once into a frozen value (RFC 6749, section 4.1.1; OpenID Connect Core, 3.1.2.1)."""

from dataclasses import dataclass

from gapura_auth.oauth.authorization_parameters import (
    Display,
    read_code_challenge,
    read_display,
    read_dpop_jkt,
    read_few_words,
    read_max_age,
    read_prompts,
    read_resources,
    read_scopes,
    read_short,
)
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidRequest, OAuthError, UnauthorizedClient
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.requested_claims import NO_CLAIMS, RequestedClaims, parse_claims
from gapura_auth.oauth.response_target import ResponseTarget
from gapura_auth.oauth.vocabulary import CODE, ErrorCode, GrantType, Prompt, ResponseMode


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a request arrived."""

    #: through the pushed authorization request endpoint (RFC 9126)
    pushed: bool = False
    #: inside a request object that the client signed (RFC 9101)
    signed: bool = False


FRONT_CHANNEL = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What a client asks a person for."""

    client_id: str
    target: ResponseTarget
    #: as the request had it; None where it left it to us
    redirect_uri: str | None = None
    #: what was asked for and the client may have; in the order of the request
    scopes: tuple[str, ...] = ()
    nonce: str | None = None
    code_challenge: str | None = None
    prompts: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    login_hint: str | None = None
    id_token_hint: str | None = None
    ui_locales: tuple[str, ...] = ()
    claims: RequestedClaims = NO_CLAIMS
    display: Display = Display.PAGE
    resources: tuple[str, ...] = ()
    dpop_jkt: str | None = None


def read_request(
    parameters: Parameters, client: Client, target: ResponseTarget, provenance: Provenance = FRONT_CHANNEL
) -> AuthorizationRequest:
    """Return the request; unknown parameters are ignored (RFC 6749, section 3.1).

    Raises:
        OAuthError: what the client is told, at its target.

    """
    _check_rules_of(client, provenance)
    _check_response(parameters, client)
    return AuthorizationRequest(
        client_id=client.id,
        target=target,
        redirect_uri=parameters.get("redirect_uri"),
        scopes=read_scopes(parameters, client),
        nonce=read_short(parameters, "nonce"),
        code_challenge=read_code_challenge(parameters, client),
        prompts=read_prompts(parameters),
        max_age=read_max_age(parameters, client),
        acr_values=read_few_words(parameters, "acr_values") or client.default_acr_values,
        login_hint=read_short(parameters, "login_hint"),
        id_token_hint=parameters.get("id_token_hint"),
        ui_locales=read_few_words(parameters, "ui_locales"),
        claims=parse_claims(parameters.get("claims")),
        display=read_display(parameters),
        resources=read_resources(parameters, client.resources),
        dpop_jkt=read_dpop_jkt(parameters),
    )


def _check_rules_of(client: Client, provenance: Provenance) -> None:
    if not client.may_use(GrantType.AUTHORIZATION_CODE):
        raise UnauthorizedClient("The client is not registered for authorization codes.")
    if client.rules.par_required and not provenance.pushed:
        raise InvalidRequest("The client must push its authorization requests.")
    if client.rules.signed_request_required and not provenance.signed:
        raise InvalidRequest("The client must sign its authorization requests.")


def _check_response(parameters: Parameters, client: Client) -> None:
    if parameters.require("response_type") != CODE:
        raise OAuthError(ErrorCode.UNSUPPORTED_RESPONSE_TYPE, "The only response_type is code.")
    mode = parameters.get("response_mode")
    if mode is not None and mode not in set(ResponseMode):
        raise InvalidRequest("The response_mode is neither query nor form_post.")
    if parameters.get("client_id") not in {None, client.id}:
        raise InvalidRequest("The client_id is that of another client.")
