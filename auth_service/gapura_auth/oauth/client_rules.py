"""Whether the members of a registration document agree with each other."""

import ipaddress

from cryptography import x509

from gapura.jose import InvalidKeyError, import_key_set
from gapura_auth.oauth.client_metadata import ClientMetadata
from gapura_auth.oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType

_NEED_KEYS = frozenset({ClientAuthentication.PRIVATE_KEY_JWT, ClientAuthentication.SELF_SIGNED_TLS})
#: What only a client may use that proves who it is (RFC 6749, section 4.4; RFC 8693; RFC 7523).
CONFIDENTIAL_GRANTS = frozenset({GrantType.CLIENT_CREDENTIALS, GrantType.TOKEN_EXCHANGE, GrantType.JWT_BEARER})
TLS_MEMBERS = (
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
)


def check_consistency(metadata: ClientMetadata) -> None:
    """Refuse a document that contradicts itself.

    Raises:
        InvalidRedirectUri: when there is none although the client sends people to us.
        InvalidClientMetadata: for every other contradiction.

    """
    _check_grants(metadata)
    _check_keys(metadata)
    _check_certificate(metadata)
    _check_rules(metadata)


def _check_grants(metadata: ClientMetadata) -> None:
    grants = frozenset(metadata.grant_types)
    uses_code = GrantType.AUTHORIZATION_CODE in grants
    if not grants:
        raise InvalidClientMetadata("grant_types: a client needs at least one.")
    if metadata.response_types is not None and bool(metadata.response_types) != uses_code:
        raise InvalidClientMetadata("response_types: code belongs to the grant type authorization_code.")
    if uses_code and not metadata.redirect_uris:
        raise InvalidRedirectUri("redirect_uris: the grant type authorization_code needs at least one.")
    if _is_public(metadata) and grants & CONFIDENTIAL_GRANTS:
        raise InvalidClientMetadata("grant_types: a client without authentication may not act for itself.")


def _check_keys(metadata: ClientMetadata) -> None:
    if metadata.jwks is not None and metadata.jwks_uri is not None:
        raise InvalidClientMetadata("jwks: give it or jwks_uri, not both.")
    has_keys = metadata.jwks is not None or metadata.jwks_uri is not None
    needs_keys = metadata.token_endpoint_auth_method in _NEED_KEYS or metadata.require_signed_request_object
    if needs_keys and not has_keys:
        raise InvalidClientMetadata("jwks: this client needs public keys, here or at a jwks_uri.")
    if metadata.jwks is not None:
        _check_jwks(metadata.jwks)


def _check_jwks(jwks: dict[str, object]) -> None:
    try:
        import_key_set(jwks)
    except InvalidKeyError as error:
        raise InvalidClientMetadata(f"jwks: {error}") from None


def _check_certificate(metadata: ClientMetadata) -> None:
    given = [name for name in TLS_MEMBERS if getattr(metadata, name) is not None]
    uses_pki = metadata.token_endpoint_auth_method is ClientAuthentication.TLS
    if len(given) != int(uses_pki):
        raise InvalidClientMetadata("tls_client_auth needs exactly one tls_client_auth_ member, and nothing else does.")
    try:
        if metadata.tls_client_auth_subject_dn is not None:
            x509.Name.from_rfc4514_string(metadata.tls_client_auth_subject_dn)
        if metadata.tls_client_auth_san_ip is not None:
            ipaddress.ip_address(metadata.tls_client_auth_san_ip)
    except ValueError:
        raise InvalidClientMetadata(f"{given[0]}: this is not how such a name is written.") from None


def _check_rules(metadata: ClientMetadata) -> None:
    if _is_public(metadata) and not metadata.require_pkce:
        raise InvalidClientMetadata("require_pkce: a client without authentication must use PKCE.")
    if metadata.dpop_bound_access_tokens and metadata.tls_client_certificate_bound_access_tokens:
        raise InvalidClientMetadata("dpop_bound_access_tokens: a token is bound to one key, not to two.")
    if metadata.backchannel_logout_session_required and metadata.backchannel_logout_uri is None:
        raise InvalidClientMetadata("backchannel_logout_uri: it is missing.")
    if metadata.frontchannel_logout_session_required and metadata.frontchannel_logout_uri is None:
        raise InvalidClientMetadata("frontchannel_logout_uri: it is missing.")


def _is_public(metadata: ClientMetadata) -> bool:
    return metadata.token_endpoint_auth_method is ClientAuthentication.NONE
