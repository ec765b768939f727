"""What a person granted is good only while the person is there, and only for the client that it was granted to."""

import pytest

from gapura_auth.oauth.errors import InvalidGrant
from gapura_auth.oauth.grants import BEARER, Grant
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.refresh import RefreshPolicy
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.token_endpoint import Exchange
from gapura_auth.oauth.token_grants.persons_grant import PersonsGrants
from gapura_auth.revocation import client_slots
from gapura_auth.revocation.client_slots import ClientSlots
from gapura_auth.store.accounts import set_disabled


def test_a_code_of_an_account_that_is_disabled_at_this_moment_is_refused(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    code = provider.code(app)
    with provider.service.database.write() as connection:  # and its sessions have not been ended yet
        set_disabled(connection, provider.person(), provider.service.clock())
    answer = provider.exchange(app, code)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")
    assert not provider.service.rows("SELECT 1 FROM refresh_tokens")


def test_a_grant_is_for_its_client_only(provider):
    grants = PersonsGrants(None, Resources("gapura"), RefreshPolicy(60, 0))
    other = Grant(subject="a", client_id="other", audience=("gapura",), scopes=frozenset())
    with pytest.raises(InvalidGrant):
        grants.fitted(other, Exchange(provider.add(), Parameters({}), BEARER))


def test_only_registered_clients_have_slots_and_not_endlessly_many_are_remembered(provider, monkeypatch):
    monkeypatch.setattr(client_slots, "MOST_KEPT", 2)
    slots = ClientSlots(provider.service.database, provider.issuer, provider.service.clock)
    assert slots.of("nobody") is None
    found = {client_id: slots.of(provider.add(client_id).id) for client_id in ("a", "b", "c", "d")}
    assert len({status.index for status in found.values()}) == 4
    assert slots.of("a") == found["a"]
