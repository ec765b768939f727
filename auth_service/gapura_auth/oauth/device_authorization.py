"""The device authorization endpoint (RFC 8628, section 3.1): a device without a browser begins."""

from dataclasses import dataclass

from gapura_auth.oauth.client_authentication import ClientAuthenticator, ClientCredentials
from gapura_auth.oauth.clients import Client
from gapura_auth.oauth.device_codes import LIFETIME, NewCodes, StoredDeviceCode, new_codes, shown
from gapura_auth.oauth.errors import InvalidScope, OAuthError, UnauthorizedClient
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.ports import Transactions
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.scopes import allowed_to_client, parse_scope
from gapura_auth.oauth.vocabulary import ErrorCode, GrantType
from gapura_chassis.clock import Clock, Timestamp

#: Two codes that wait at the same time rarely are the same; several times in a row they never are.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class DeviceAuthorizationAnswer:
    """What the device is told (section 3.2)."""

    device_code: str
    user_code: str
    verification_uri: str
    interval: int

    def members(self) -> dict[str, object]:
        """Return the members of the JSON answer."""
        return {
            "device_code": self.device_code,
            "user_code": self.user_code,
            "verification_uri": self.verification_uri,
            "verification_uri_complete": f"{self.verification_uri}?user_code={self.user_code}",
            "expires_in": LIFETIME,
            "interval": self.interval,
        }


@dataclass(frozen=True, slots=True)
class DeviceAuthorization:
    """Gives out pairs of codes."""

    authenticator: ClientAuthenticator
    transactions: Transactions
    resources: Resources
    #: where people type the user code
    verification_uri: str
    clock: Clock

    def answer(self, credentials: ClientCredentials, parameters: Parameters) -> DeviceAuthorizationAnswer:
        """Return a new pair of codes; raises `OAuthError` when the client may not have one."""
        client = self.authenticator.authenticate(credentials, parameters)
        if not client.may_use(GrantType.DEVICE_CODE):
            raise UnauthorizedClient("The client is not registered for device codes.")
        codes, kept = self._keep_new_codes(client, parameters)
        return DeviceAuthorizationAnswer(
            codes.device_code, shown(codes.user_code), self.verification_uri, kept.interval
        )

    def _keep_new_codes(self, client: Client, parameters: Parameters) -> tuple[NewCodes, StoredDeviceCode]:
        scopes = _scopes(client, parse_scope(parameters.get("scope")))
        resources = parameters.all("resource")
        self.resources.audience_of(client, resources)
        for _ in range(ATTEMPTS):
            codes = new_codes()
            kept = _stored(codes, client, scopes, resources, self.clock())
            with self.transactions.write() as transaction:
                if transaction.device_codes.add(kept):
                    return codes, kept
        raise OAuthError(ErrorCode.TEMPORARILY_UNAVAILABLE, "There are too many devices at the moment.", status=503)


def _scopes(client: Client, asked: tuple[str, ...]) -> frozenset[str]:
    allowed = allowed_to_client(asked or client.scopes, client.scopes)
    if asked and not allowed:
        raise InvalidScope("The client may have none of the scopes that it asked for.")
    return allowed


def _stored(
    codes: NewCodes, client: Client, scopes: frozenset[str], resources: tuple[str, ...], now: Timestamp
) -> StoredDeviceCode:
    return StoredDeviceCode(
        digest=codes.digest,
        user_code=codes.user_code,
        client_id=client.id,
        scopes=scopes,
        resources=resources,
        expires_at=now + LIFETIME,
    )
