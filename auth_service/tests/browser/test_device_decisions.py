"""Decisions about devices when somebody else, or the clock, was faster."""

from dataclasses import replace

import pytest

from gapura_auth.browser.device_decisions import DeviceDecisions, UnknownUserCode
from gapura_auth.browser.sessions import BrowserSessionPolicy, BrowserSessions
from gapura_auth.browser.steps import CannotContinue
from gapura_auth.browser.visitor import Visitor
from gapura_auth.clients.registry import ClientRegistry
from gapura_auth.factory import new_id
from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.device_codes import StoredDeviceCode
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType
from gapura_auth.store.browser_sessions import revoke_browser_session
from gapura_auth.store.clients import StoredClient, delete_client, insert_client
from gapura_auth.store.device_codes import SqlDeviceCodes

CLIENT = Client(
    id="tv",
    presentation=ClientPresentation("TV"),
    authentication=ClientAuthentication.NONE,
    grant_types=frozenset({GrantType.DEVICE_CODE}),
    scopes=frozenset({"openid"}),
)
ADDRESS = "192.0.2.1"


@pytest.fixture
def decisions(service_on_both):
    service = service_on_both
    code = StoredDeviceCode(
        digest=b"d" * 32,
        user_code="BCDFGHJK",
        client_id="tv",
        scopes=frozenset({"openid"}),
        expires_at=service.clock() + 600,
    )
    with service.database.write() as connection:
        insert_client(connection, StoredClient(client=CLIENT, created_at=0.0))
        SqlDeviceCodes(connection).add(code)
    registry = ClientRegistry(service.database, service.clock)
    return DeviceDecisions(service.database, registry, 3600, service.clock, new_id)


@pytest.fixture
def visitor(service_on_both):
    service = service_on_both
    service.register("ani")
    account = service.administration.find("ani")
    sessions = BrowserSessions(service.database, BrowserSessionPolicy(3600, 3600), service.clock, new_id)
    cookie = sessions.open(account, LoginEvent(service.clock(), amr=("pwd",)), None, ADDRESS)
    return Visitor("browser", sessions.find(cookie), ADDRESS, "telephone")


def waiting(decisions, visitor):
    return decisions.find("bcdf-ghjk", visitor.signed_in, ADDRESS)


def test_of_two_decisions_the_first_counts(decisions, visitor):
    device = waiting(decisions, visitor)
    decisions.approve(device, visitor)
    for late in (lambda: decisions.approve(device, visitor), lambda: decisions.deny(device)):
        with pytest.raises(CannotContinue):
            late()
    with pytest.raises(UnknownUserCode):
        waiting(decisions, visitor)


def test_whoever_has_signed_out_meanwhile_decides_nothing(decisions, visitor, service_on_both):
    device = waiting(decisions, visitor)
    with pytest.raises(CannotContinue):
        decisions.approve(device, replace(visitor, signed_in=None))
    with service_on_both.database.write() as connection:
        revoke_browser_session(connection, visitor.signed_in.session.id, service_on_both.clock())
    with pytest.raises(CannotContinue):
        decisions.approve(device, visitor)
    assert service_on_both.rows("SELECT session_id FROM device_codes")[0].session_id is None


def test_a_device_whose_client_was_deleted_is_unknown(decisions, visitor, service_on_both):
    with service_on_both.database.write() as connection:
        delete_client(connection, "tv", service_on_both.clock())
    with pytest.raises(UnknownUserCode):
        waiting(decisions, visitor)
