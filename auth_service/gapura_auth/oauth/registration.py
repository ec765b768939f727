"""Clients that register and manage themselves (RFC 7591, RFC 7592; OpenID Connect Dynamic Client Registration).

Whoever registers shows an initial access token that an operator has given them, unless registration is open; what the
token's policy does not give, the client does not get, now or at any later update.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from gapura_auth.credentials import digest_of, is_same_token, new_token
from gapura_auth.oauth.client_authentication import has_secret
from gapura_auth.oauth.client_documents import Document, client_within, document_of
from gapura_auth.oauth.client_secrets import needs_secret, with_first_secret
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.errors import InvalidClientMetadata, OAuthError
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock, Timestamp

INITIAL_PREFIX = "gpr_iat"
MANAGEMENT_PREFIX = "gpr_rat"

#: Members of an answer that an update must not send back (RFC 7592, section 2.2).
_ANSWER_ONLY = (
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
)


class InvalidRegistrationToken(OAuthError):
    """The token is missing, unknown, expired, used up, or of another client (RFC 6750, section 3.1)."""

    def __init__(self) -> None:
        challenge = {"WWW-Authenticate": 'Bearer realm="gapura", error="invalid_token"'}
        description = "The registration needs a valid access token of its own."
        super().__init__(ErrorCode.INVALID_TOKEN, description, status=401, headers=challenge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A client that registered itself, as it is kept."""

    client: Client
    policy: RegistrationPolicy
    #: of the token that it is managed with
    digest: bytes
    created_at: Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInformation:
    """What whoever registered is told (RFC 7591, section 3.2.1; RFC 7592, section 3)."""

    registration: Registration
    management_token: str
    #: only where it was made just now
    secret: str | None = None


class Registrations(Protocol):
    """The registrations, within one transaction."""

    def use_initial_token(self, digest: bytes, now: Timestamp) -> RegistrationPolicy | None:
        """Take one use of an initial access token; None when it is unknown, expired or used up."""

    def add(self, registration: Registration) -> None:
        """Keep a new client with its secrets."""

    def find(self, client_id: str) -> Registration | None:
        """Return a client that registered itself."""

    def replace(self, registration: Registration, now: Timestamp) -> None:
        """Keep a changed client; its secrets become those that it has now."""

    def delete(self, client_id: str, now: Timestamp) -> None:
        """Delete a client with all that it was granted."""


@dataclass(frozen=True, slots=True)
class ClientRegistration:
    """The registration endpoint, and the configuration endpoint of every client."""

    begin: Callable[[], AbstractContextManager[Registrations]]
    #: what anybody may register; None where an initial access token is needed
    open_policy: RegistrationPolicy | None
    clock: Clock
    new_id: Callable[[], str]
    #: told of every client that was changed
    forget: Callable[[str], None]

    def register(self, document: Mapping[str, object], token: str | None) -> ClientInformation:
        """Register a client (RFC 7591, section 3).

        Raises:
            InvalidRegistrationToken: when a good initial access token is needed and not there.
            OAuthError: when the document cannot be accepted.

        """
        _refuse_software_statement(document)
        now = self.clock()
        management = new_token(MANAGEMENT_PREFIX)
        with self.begin() as registrations:
            policy = self._policy(registrations, token, now)
            client, secret = with_first_secret(client_within(policy, self.new_id(), document))
            registration = Registration(client=client, policy=policy, digest=management.digest, created_at=now)
            registrations.add(registration)
        return ClientInformation(registration=registration, management_token=management.text, secret=secret)

    def read(self, client_id: str, token: str | None) -> ClientInformation:
        """Return what is registered (RFC 7592, section 2.1).

        Raises:
            InvalidRegistrationToken: when the token is not this client's, or there is no such client.

        """
        with self.begin() as registrations:
            registration, own = _managed(registrations, client_id, token)
        return ClientInformation(registration=registration, management_token=own)

    def update(self, client_id: str, document: Mapping[str, object], token: str | None) -> ClientInformation:
        """Put another document in place of the registered one (RFC 7592, section 2.2).

        Raises:
            InvalidRegistrationToken: when the token is not this client's, or there is no such client.
            OAuthError: when the document cannot be accepted.

        """
        _refuse_software_statement(document)
        now = self.clock()
        with self.begin() as registrations:
            present, own = _managed(registrations, client_id, token)
            _check_update(document, present.client, now)
            changed = client_within(present.policy, client_id, document, present.client.secrets)
            changed, secret = (changed, None) if _has_fitting_secrets(changed) else with_first_secret(changed)
            registration = replace(present, client=changed)
            registrations.replace(registration, now)
        self.forget(client_id)
        return ClientInformation(registration=registration, management_token=own, secret=secret)

    def delete(self, client_id: str, token: str | None) -> None:
        """Delete the client; what it was granted ends (RFC 7592, section 2.3).

        Raises:
            InvalidRegistrationToken: when the token is not this client's, or there is no such client.

        """
        with self.begin() as registrations:
            _managed(registrations, client_id, token)
            registrations.delete(client_id, self.clock())
        self.forget(client_id)

    def _policy(self, registrations: Registrations, token: str | None, now: Timestamp) -> RegistrationPolicy:
        if token is None and self.open_policy is not None:
            return self.open_policy
        digest = digest_of(token or "", prefix=INITIAL_PREFIX)
        policy = registrations.use_initial_token(digest, now) if digest is not None else None
        if policy is None:
            raise InvalidRegistrationToken
        return policy


def members_of(information: ClientInformation, address: str) -> Document:
    """Return the members of the JSON answer; `address` is that of the registration endpoint."""
    registration = information.registration
    members: Document = {
        "client_id": registration.client.id,
        "client_id_issued_at": int(registration.created_at),
        "registration_client_uri": f"{address}/{registration.client.id}",
        "registration_access_token": information.management_token,
        **document_of(registration.client),
    }
    if information.secret is not None:
        members |= {"client_secret": information.secret, "client_secret_expires_at": 0}
    return members


def _managed(registrations: Registrations, client_id: str, token: str | None) -> tuple[Registration, str]:
    registration = registrations.find(client_id)
    if registration is None or token is None or not is_same_token(registration.digest, token):
        raise InvalidRegistrationToken
    return registration, token


def _check_update(document: Mapping[str, object], client: Client, now: Timestamp) -> None:
    if document.get("client_id") != client.id:
        raise InvalidClientMetadata("client_id: it must be the one that was registered.")
    for member in _ANSWER_ONLY:
        if member in document:
            raise InvalidClientMetadata(f"{member}: it is ours to say.")
    secret = document.get("client_secret")
    if secret is not None and not (isinstance(secret, str) and has_secret(client, secret, now)):
        raise InvalidClientMetadata("client_secret: a client cannot choose its own.")


def _has_fitting_secrets(client: Client) -> bool:
    return needs_secret(client) and bool(client.secrets)


def _refuse_software_statement(document: Mapping[str, object]) -> None:
    if "software_statement" in document:
        raise OAuthError(ErrorCode.UNAPPROVED_SOFTWARE_STATEMENT, "Software statements are not accepted here.")
