"""A client as the protocol sees it: who it is, how it proves it, and what it may do.

The value is made from registered metadata (RFC 7591, section 2), or from a document that the client's identifier
points to. What it does not say is decided here, on the safe side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType
from gapura_chassis.clock import Timestamp


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A secret as it is kept: only its SHA-256. Two are valid while a client moves from one to the next."""

    digest: bytes
    expires_at: Timestamp | None = None

    def is_valid(self, now: Timestamp) -> bool:
        """Whether the secret may still be used."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """Where the public keys of a client are: in its metadata, or at an address of its own."""

    jwks: Mapping[str, object] | None = None
    jwks_uri: str | None = None


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """What a client's certificate must say (RFC 8705, section 2.1.2): exactly one of these."""

    subject_dn: str | None = None
    san_dns: str | None = None
    san_uri: str | None = None
    san_ip: str | None = None
    san_email: str | None = None


@dataclass(frozen=True, slots=True)
class LogoutAddresses:
    """How a client hears of a logout, and where it may send people afterwards."""

    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_uri: str | None = None
    backchannel_session_required: bool = False
    frontchannel_uri: str | None = None
    frontchannel_session_required: bool = False


@dataclass(frozen=True, slots=True)
class ClientRules:
    """What is demanded of a client beyond OAuth 2.1, or forgiven it."""

    #: PKCE is demanded of every client; certification clients of confidential kind may be excused
    pkce_required: bool = True
    #: every authorization request must be pushed (RFC 9126, section 6)
    par_required: bool = False
    #: every authorization request must be a signed request object (RFC 9101, section 10.5)
    signed_request_required: bool = False
    #: access tokens are bound to the client's key (RFC 9449, section 5.2)
    dpop_bound: bool = False
    #: access tokens are bound to the client's certificate (RFC 8705, section 3)
    certificate_bound: bool = False
    #: FAPI 2.0 accepts only the issuer in an assertion's audience; clients in the field send the endpoint
    assertion_audience: Literal["issuer", "issuer_or_endpoint"] = "issuer_or_endpoint"
    #: people are not asked for consent
    first_party: bool = False


@dataclass(frozen=True, slots=True)
class ClientAlgorithms:
    """With which algorithm something is signed for, or by, the client; None where it is not signed or any will do."""

    id_token: str = "RS256"  # noqa: S105 -- the name of an algorithm
    userinfo: str | None = None
    introspection: str | None = None
    request_object: str | None = None
    assertion: str | None = None


@dataclass(frozen=True, slots=True)
class ClientPresentation:
    """What people are shown of a client; every address is for a browser, none is fetched by us."""

    name: str
    client_uri: str | None = None
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered client."""

    id: str
    presentation: ClientPresentation
    authentication: ClientAuthentication
    redirect_uris: tuple[str, ...] = ()
    grant_types: frozenset[GrantType] = frozenset({GrantType.AUTHORIZATION_CODE})
    #: the most that the client can get
    scopes: frozenset[str] = frozenset()
    secrets: tuple[ClientSecret, ...] = ()
    keys: ClientKeys = ClientKeys()
    tls: TlsIdentity = TlsIdentity()
    rules: ClientRules = ClientRules()
    algorithms: ClientAlgorithms = ClientAlgorithms()
    logout: LogoutAddresses = LogoutAddresses()
    default_max_age: int | None = None
    default_acr_values: tuple[str, ...] = ()
    auth_time_required: bool = False
    #: resources that it may ask tokens for (RFC 8707); empty means every resource that is known
    resources: frozenset[str] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether the client cannot keep a secret."""
        return self.authentication is ClientAuthentication.NONE

    def may_use(self, grant_type: GrantType) -> bool:
        """Whether the client is registered for a grant."""
        return grant_type in self.grant_types
