"""How clients are found, proved and registered, made of their parts."""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from flask import Flask

from gapura_auth.clients.registry import ClientRegistry
from gapura_auth.oauth.assertions import AssertionVerifier
from gapura_auth.oauth.client_authentication import ClientAuthenticator
from gapura_auth.oauth.client_keys import ClientKeyStore
from gapura_auth.oauth.client_metadata import CLIENT_ALGORITHMS
from gapura_auth.oauth.discovery import Capability
from gapura_auth.oauth.metadata_document import MetadataDocumentClients
from gapura_auth.oauth.outbound import Destinations, IpNetwork
from gapura_auth.oauth.registration import ClientRegistration, Registrations
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.outbound import GuardedOutbound
from gapura_auth.settings import AuthSettings
from gapura_auth.store.registrations import SqlRegistrations
from gapura_auth.store.used_identifiers import SqlUsedIdentifiers
from gapura_auth.web.certificate_headers import CertificateHeaders, TrustedCertificates
from gapura_auth.web.registration_views import REGISTRATION, RegistrationViews
from gapura_chassis.clock import Clock
from gapura_chassis.database import Database

#: Endpoints that clients in the field name as the audience of their assertions, besides the issuer.
ENDPOINTS_IN_ASSERTIONS = (
    "/oauth/token",
    "/oauth/par",
    "/oauth/device_authorization",
    "/oauth/introspect",
    "/oauth/revoke",
)
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class ClientParts:
    """What the other parts of the protocol need of clients."""

    registry: ClientRegistry
    authenticator: ClientAuthenticator
    keys: ClientKeyStore
    outbound: GuardedOutbound
    used: SqlUsedIdentifiers
    views: RegistrationViews
    capabilities: tuple[Capability, ...]


def client_parts(settings: AuthSettings, database: Database, clock: Clock, new_id: Callable[[], str]) -> ClientParts:
    """Wire everything about clients."""
    outbound = outbound_of(settings)
    policy = RegistrationPolicy(
        scopes=frozenset(settings.open_client_scopes), algorithms=frozenset(settings.signing_algorithms)
    )
    registry = ClientRegistry(database, clock, _documents(settings, outbound, policy, clock))
    keys = ClientKeyStore(outbound, clock)
    used = SqlUsedIdentifiers(database)
    open_policy = policy if settings.open_registration else None
    registration = ClientRegistration(_begin(database), open_policy, clock, new_id, registry.forget)
    return ClientParts(
        registry=registry,
        authenticator=ClientAuthenticator(registry, _assertions(settings, keys, used, clock), keys, clock),
        keys=keys,
        outbound=outbound,
        used=used,
        views=RegistrationViews(registration, settings.issuer),
        capabilities=tuple(_capabilities(settings)),
    )


def outbound_of(settings: AuthSettings) -> GuardedOutbound:
    """Return the one way to addresses that clients have given."""
    return GuardedOutbound(Destinations(frozenset(settings.outbound_ports), _networks(settings)))


def client_authentication_methods(settings: AuthSettings) -> list[str]:
    """Return the ways in which clients can prove here who they are."""
    methods = [method for method in ClientAuthentication if method not in _BY_CERTIFICATE]
    if settings.certificate_header is not None:
        methods.append(ClientAuthentication.SELF_SIGNED_TLS)
        if settings.certificate_verified_header is not None:
            methods.append(ClientAuthentication.TLS)
    return [method.value for method in methods]


def believe_certificates(app: Flask, settings: AuthSettings) -> None:
    """Let trusted proxies pass on client certificates, where the operator has named a header for that."""
    if settings.certificate_header is None:
        return
    headers = CertificateHeaders(settings.certificate_header, settings.certificate_verified_header)
    app.wsgi_app = TrustedCertificates(app.wsgi_app, settings.trusted_proxies, headers)  # type: ignore[method-assign] # Flask's own extension point


_BY_CERTIFICATE = frozenset({ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS})


def _documents(
    settings: AuthSettings, outbound: GuardedOutbound, policy: RegistrationPolicy, clock: Clock
) -> MetadataDocumentClients | None:
    if not settings.client_metadata_documents:
        return None
    return MetadataDocumentClients(outbound, policy, clock, allow_http=not settings.in_production)


def _assertions(
    settings: AuthSettings, keys: ClientKeyStore, used: SqlUsedIdentifiers, clock: Clock
) -> AssertionVerifier:
    endpoints = frozenset(f"{settings.issuer}{path}" for path in ENDPOINTS_IN_ASSERTIONS)
    return AssertionVerifier(settings.issuer, endpoints, keys, used, clock)


def _begin(database: Database) -> Callable[[], AbstractContextManager[Registrations]]:
    @contextmanager
    def begin() -> Iterator[Registrations]:
        with database.write() as connection:
            yield SqlRegistrations(connection)

    return begin


def _networks(settings: AuthSettings) -> tuple[IpNetwork, ...]:
    if settings.outbound_networks is not None:
        return settings.outbound_networks
    return () if settings.in_production else _LOOPBACK


def _capabilities(settings: AuthSettings) -> Iterator[Capability]:
    yield Capability(
        endpoints={"registration_endpoint": REGISTRATION},
        members={
            "token_endpoint_auth_methods_supported": client_authentication_methods(settings),
            "token_endpoint_auth_signing_alg_values_supported": sorted(CLIENT_ALGORITHMS),
            "subject_types_supported": ["public"],
        },
    )
    if settings.client_metadata_documents:
        yield Capability(members={"client_id_metadata_document_supported": True})
    if settings.jwt_secret_key is None:
        yield Capability(endpoints={"jwks_uri": "/.well-known/jwks.json"})
