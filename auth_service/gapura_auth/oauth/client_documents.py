"""Registration document ⇄ `Client`: what the members mean for us, there and back without loss."""

from collections.abc import Mapping

from gapura_auth.oauth.client_metadata import ClientMetadata, read_metadata
from gapura_auth.oauth.client_rules import check_consistency
from gapura_auth.oauth.clients import (
    Client,
    ClientAlgorithms,
    ClientKeys,
    ClientPresentation,
    ClientRules,
    ClientSecret,
    LogoutAddresses,
    TlsIdentity,
)
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.oauth.scopes import parse_scope
from gapura_auth.oauth.vocabulary import CODE, GrantType

Document = dict[str, object]


def client_of(client_id: str, document: Mapping[str, object], secrets: tuple[ClientSecret, ...] = ()) -> Client:
    """Return the client that a registration document describes.

    Raises:
        InvalidRedirectUri: when a redirect URI cannot be registered.
        InvalidClientMetadata: when the document cannot be accepted for another reason.

    """
    return _client(client_id, read_metadata(document), secrets)


def client_within(
    policy: RegistrationPolicy, client_id: str, document: Mapping[str, object], secrets: tuple[ClientSecret, ...] = ()
) -> Client:
    """Return the client that a document describes which no operator has written: as far as the policy goes.

    Raises:
        InvalidRedirectUri: when a redirect URI cannot be registered.
        InvalidClientMetadata: when the document cannot be accepted for another reason, or asks for a privilege.

    """
    return _client(client_id, policy.apply(read_metadata(document)), secrets)


def _client(client_id: str, metadata: ClientMetadata, secrets: tuple[ClientSecret, ...]) -> Client:
    check_consistency(metadata)
    return Client(
        id=client_id,
        presentation=_presentation(client_id, metadata),
        authentication=metadata.token_endpoint_auth_method,
        redirect_uris=metadata.redirect_uris,
        grant_types=frozenset(metadata.grant_types),
        scopes=frozenset(parse_scope(metadata.scope)),
        secrets=secrets,
        keys=ClientKeys(metadata.jwks, metadata.jwks_uri),
        tls=_tls(metadata),
        rules=_rules(metadata),
        algorithms=_algorithms(metadata),
        logout=_logout(metadata),
        default_max_age=metadata.default_max_age,
        default_acr_values=metadata.default_acr_values,
        auth_time_required=metadata.require_auth_time,
        resources=frozenset(metadata.resources),
    )


def document_of(client: Client) -> Document:
    """Return the registration document of a client: `client_of` makes the same client of it."""
    members: Document = {
        "redirect_uris": list(client.redirect_uris),
        "grant_types": sorted(client.grant_types),
        "response_types": [CODE] if client.may_use(GrantType.AUTHORIZATION_CODE) else [],
        "scope": " ".join(sorted(client.scopes)),
        "token_endpoint_auth_method": client.authentication.value,
        "jwks": dict(client.keys.jwks) if client.keys.jwks is not None else None,
        "jwks_uri": client.keys.jwks_uri,
        "default_max_age": client.default_max_age,
        "default_acr_values": list(client.default_acr_values) or None,
        "require_auth_time": client.auth_time_required,
        "resources": sorted(client.resources) or None,
        **_document_of_presentation(client),
        **_document_of_tls(client.tls),
        **_document_of_rules(client.rules),
        **_document_of_algorithms(client.algorithms),
        **_document_of_logout(client.logout),
    }
    return {name: value for name, value in members.items() if value is not None}


def _presentation(client_id: str, metadata: ClientMetadata) -> ClientPresentation:
    return ClientPresentation(
        name=metadata.client_name or client_id,
        client_uri=metadata.client_uri,
        logo_uri=metadata.logo_uri,
        policy_uri=metadata.policy_uri,
        tos_uri=metadata.tos_uri,
    )


def _tls(metadata: ClientMetadata) -> TlsIdentity:
    return TlsIdentity(
        subject_dn=metadata.tls_client_auth_subject_dn,
        san_dns=metadata.tls_client_auth_san_dns,
        san_uri=metadata.tls_client_auth_san_uri,
        san_ip=metadata.tls_client_auth_san_ip,
        san_email=metadata.tls_client_auth_san_email,
    )


def _rules(metadata: ClientMetadata) -> ClientRules:
    return ClientRules(
        pkce_required=metadata.require_pkce,
        par_required=metadata.require_pushed_authorization_requests,
        signed_request_required=metadata.require_signed_request_object,
        dpop_bound=metadata.dpop_bound_access_tokens,
        certificate_bound=metadata.tls_client_certificate_bound_access_tokens,
        assertion_audience=metadata.assertion_audience,
        first_party=metadata.first_party,
    )


def _algorithms(metadata: ClientMetadata) -> ClientAlgorithms:
    return ClientAlgorithms(
        id_token=metadata.id_token_signed_response_alg,
        userinfo=metadata.userinfo_signed_response_alg,
        introspection=metadata.introspection_signed_response_alg,
        request_object=metadata.request_object_signing_alg,
        assertion=metadata.token_endpoint_auth_signing_alg,
    )


def _logout(metadata: ClientMetadata) -> LogoutAddresses:
    return LogoutAddresses(
        post_logout_redirect_uris=metadata.post_logout_redirect_uris,
        backchannel_uri=metadata.backchannel_logout_uri,
        backchannel_session_required=metadata.backchannel_logout_session_required,
        frontchannel_uri=metadata.frontchannel_logout_uri,
        frontchannel_session_required=metadata.frontchannel_logout_session_required,
    )


def _document_of_presentation(client: Client) -> Document:
    shown = client.presentation
    return {
        "client_name": shown.name,
        "client_uri": shown.client_uri,
        "logo_uri": shown.logo_uri,
        "policy_uri": shown.policy_uri,
        "tos_uri": shown.tos_uri,
    }


def _document_of_tls(tls: TlsIdentity) -> Document:
    return {
        "tls_client_auth_subject_dn": tls.subject_dn,
        "tls_client_auth_san_dns": tls.san_dns,
        "tls_client_auth_san_uri": tls.san_uri,
        "tls_client_auth_san_ip": tls.san_ip,
        "tls_client_auth_san_email": tls.san_email,
    }


def _document_of_rules(rules: ClientRules) -> Document:
    return {
        "require_pkce": rules.pkce_required,
        "require_pushed_authorization_requests": rules.par_required,
        "require_signed_request_object": rules.signed_request_required,
        "dpop_bound_access_tokens": rules.dpop_bound,
        "tls_client_certificate_bound_access_tokens": rules.certificate_bound,
        "assertion_audience": rules.assertion_audience,
        "first_party": rules.first_party,
    }


def _document_of_algorithms(algorithms: ClientAlgorithms) -> Document:
    return {
        "id_token_signed_response_alg": algorithms.id_token,
        "userinfo_signed_response_alg": algorithms.userinfo,
        "introspection_signed_response_alg": algorithms.introspection,
        "request_object_signing_alg": algorithms.request_object,
        "token_endpoint_auth_signing_alg": algorithms.assertion,
    }


def _document_of_logout(logout: LogoutAddresses) -> Document:
    return {
        "post_logout_redirect_uris": list(logout.post_logout_redirect_uris) or None,
        "backchannel_logout_uri": logout.backchannel_uri,
        "backchannel_logout_session_required": logout.backchannel_session_required,
        "frontchannel_logout_uri": logout.frontchannel_uri,
        "frontchannel_logout_session_required": logout.frontchannel_session_required,
    }
