"""The protocol's words, exactly as they travel. This module imports nothing of ours; everything else may import it."""

from enum import StrEnum


class GrantType(StrEnum):
    """What a client may exchange for tokens at the token endpoint."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 -- a word of the protocol
    CLIENT_CREDENTIALS = "client_credentials"
    DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"  # RFC 8628
    TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 -- RFC 8693
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"  # RFC 7523


class ClientAuthentication(StrEnum):
    """How a client proves who it is (OpenID Connect Core, section 9; RFC 8705, section 2)."""

    NONE = "none"
    SECRET_BASIC = "client_secret_basic"  # noqa: S105 -- a word of the protocol
    SECRET_POST = "client_secret_post"  # noqa: S105 -- a word of the protocol
    PRIVATE_KEY_JWT = "private_key_jwt"
    TLS = "tls_client_auth"
    SELF_SIGNED_TLS = "self_signed_tls_client_auth"


class ResponseMode(StrEnum):
    """How an authorization response travels back (OAuth 2.0 Form Post Response Mode)."""

    QUERY = "query"
    FORM_POST = "form_post"


class Prompt(StrEnum):
    """What a client wants the person to be asked (OpenID Connect Core, section 3.1.2.1)."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


class ErrorCode(StrEnum):
    """Error codes, each defined by the RFC beside it."""

    INVALID_REQUEST = "invalid_request"  # RFC 6749
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    INVALID_SCOPE = "invalid_scope"
    ACCESS_DENIED = "access_denied"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    LOGIN_REQUIRED = "login_required"  # OpenID Connect Core
    CONSENT_REQUIRED = "consent_required"
    INTERACTION_REQUIRED = "interaction_required"
    ACCOUNT_SELECTION_REQUIRED = "account_selection_required"
    INVALID_REQUEST_OBJECT = "invalid_request_object"  # RFC 9101
    INVALID_REQUEST_URI = "invalid_request_uri"
    REQUEST_NOT_SUPPORTED = "request_not_supported"
    REQUEST_URI_NOT_SUPPORTED = "request_uri_not_supported"
    REGISTRATION_NOT_SUPPORTED = "registration_not_supported"
    UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements"
    INVALID_TARGET = "invalid_target"  # RFC 8707
    INVALID_DPOP_PROOF = "invalid_dpop_proof"  # RFC 9449
    USE_DPOP_NONCE = "use_dpop_nonce"
    AUTHORIZATION_PENDING = "authorization_pending"  # RFC 8628
    SLOW_DOWN = "slow_down"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 -- a word of the protocol
    INVALID_TOKEN = "invalid_token"  # noqa: S105 -- RFC 6750
    INSUFFICIENT_SCOPE = "insufficient_scope"
    INVALID_REDIRECT_URI = "invalid_redirect_uri"  # RFC 7591
    INVALID_CLIENT_METADATA = "invalid_client_metadata"
    UNAPPROVED_SOFTWARE_STATEMENT = "unapproved_software_statement"
    UNSUPPORTED_TOKEN_TYPE = "unsupported_token_type"  # noqa: S105 -- RFC 7009


#: Scopes that OpenID Connect defines; every person may grant them to a client.
OPENID = "openid"
OFFLINE_ACCESS = "offline_access"
IDENTITY_SCOPES = frozenset({OPENID, "profile", "email", "phone", "address", OFFLINE_ACCESS})

CODE = "code"
S256 = "S256"
