"""The device code grant (RFC 8628, section 3.4): the device asks until somebody has decided."""

from dataclasses import dataclass

from gapura_auth.oauth.device_codes import SLOW_DOWN, StoredDeviceCode, device_code_digest
from gapura_auth.oauth.errors import InvalidGrant, OAuthError
from gapura_auth.oauth.ports import Transaction, Transactions
from gapura_auth.oauth.token_endpoint import Exchange, Redeemed
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_auth.oauth.vocabulary import ErrorCode
from gapura_chassis.clock import Clock, Timestamp

NOT_GOOD = "The device code is not good."


@dataclass(frozen=True, slots=True)
class DeviceCodeGrant:
    """Exchanges device codes that somebody has said yes to."""

    transactions: Transactions
    grants: PersonsGrants
    clock: Clock

    def redeem(self, exchange: Exchange) -> Redeemed:
        """Use the code up; until somebody has decided, tell the device to come again."""
        digest = device_code_digest(exchange.parameters.require("device_code"))
        with self.transactions.write() as transaction:
            code = transaction.device_codes.find(digest) if digest is not None else None
            if code is None or code.client_id != exchange.client.id:
                raise InvalidGrant(NOT_GOOD)
            outcome = self._use(transaction, code, exchange, self.clock())
        if isinstance(outcome, OAuthError):
            raise outcome
        return outcome

    def _use(
        self, transaction: Transaction, code: StoredDeviceCode, exchange: Exchange, now: Timestamp
    ) -> Redeemed | OAuthError:
        if code.denied_at is not None:
            return OAuthError(ErrorCode.ACCESS_DENIED, "The person said no.")
        if now >= code.expires_at:
            return OAuthError(ErrorCode.EXPIRED_TOKEN, "The device code has expired.")
        if code.session_id is None:
            return _come_again(transaction, code, now)
        if not transaction.device_codes.consume(code.digest, now):
            transaction.sessions.end(code.session_id, now, "device code reused")
            return InvalidGrant(NOT_GOOD)
        return self.grants.first(transaction, code.session_id, exchange, now)


def _come_again(transaction: Transaction, code: StoredDeviceCode, now: Timestamp) -> OAuthError:
    """Answer a device that asks before somebody has decided (section 3.5)."""
    too_soon = code.is_asked_too_soon(now)
    transaction.device_codes.note_poll(code.digest, code.interval + SLOW_DOWN if too_soon else code.interval, now)
    if too_soon:
        return OAuthError(ErrorCode.SLOW_DOWN, "The device asks too often.")
    return OAuthError(ErrorCode.AUTHORIZATION_PENDING, "The person has not decided yet.")
