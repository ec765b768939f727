"""A client acts for itself: no person, no refresh token, nothing written."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from gapura.jose import parse_compact
from gapura_auth.oauth.errors import UnauthorizedClient
from gapura_auth.oauth.grants import BEARER
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.resources import Resources
from gapura_auth.oauth.token_endpoint import Exchange
from gapura_auth.oauth.token_grants.client_credentials import ClientCredentialsGrant
from gapura_auth.oauth.vocabulary import ClientAuthentication
from gapura_auth.revocation.client_slots import ClientSlots
from gapura_auth.store.clients import delete_client
from gapura_auth.store.status_slots import revoked_indexes


def claims_of(token):
    return parse_compact(token).claims()


def refused(answer, error, status=400):
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text


def test_a_client_gets_a_token_of_its_own(provider_on_both):
    provider = provider_on_both
    machine = provider.add("machine", scopes=frozenset({"openid", "products:write"}))
    answer = provider.token(machine, "client_credentials").json
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}
    claims = claims_of(answer["access_token"])
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("machine", "machine", "products:write")
    assert not {"sid", "auth_time", "preferred_username"} & set(claims)
    assert claims["status"]["status_list"]["uri"] == f"{provider.issuer}/status-lists/0"


def test_the_second_token_costs_no_statement_at_all(provider_on_both):
    provider = provider_on_both
    machine = provider.add("machine")
    provider.token(machine, "client_credentials")
    statements = []
    engine = provider.service.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement))
    assert provider.token(machine, "client_credentials").status_code == 200
    assert statements == []


def test_the_bit_of_a_deleted_client_is_set(provider_on_both):
    provider = provider_on_both
    first, machine = provider.add("first"), provider.add("m" * 255)
    indexes = [
        claims_of(provider.token(client, "client_credentials").json["access_token"])["status"]["status_list"]["idx"]
        for client in (first, machine, machine)
    ]
    assert indexes[0] != indexes[1] == indexes[2]
    with provider.service.database.write() as connection:
        assert revoked_indexes(connection, 0, 0.0) == []
        delete_client(connection, machine.id, provider.service.clock())
        assert revoked_indexes(connection, 0, 0.0) == [indexes[1]]


def test_the_slot_is_kept_for_a_day_and_borrowed_again_in_time(provider):
    machine = provider.add("machine")
    held = []
    for _ in range(4):
        provider.token(machine, "client_credentials")
        held += [row.held_until for row in provider.service.rows("SELECT held_until FROM status_slots")]
        provider.service.clock.advance(7 * 3600)
    assert held[0] == held[1] < held[2] == held[3]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": "users:write"}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": 'quo"te'}, "invalid_scope"),
        ({"scope": " ".join(f"s{number}" for number in range(101))}, "invalid_scope"),
        ({"scope": "word " * 7_000}, "invalid_request"),
        ({"resource": "https://unknown.example"}, "invalid_target"),
        ({"resource": "relative"}, "invalid_target"),
        ({"resource": "https://api.example#part"}, "invalid_target"),
    ],
)
def test_what_the_client_may_not_have_is_refused(provider, form, error):
    refused(provider.token(provider.add("machine"), "client_credentials", **form), error)


def test_a_scope_of_a_hundred_thousand_words_is_refused_quickly(provider):
    answer = provider.token(provider.add("machine"), "client_credentials", scope="w " * 100_000)
    assert answer.status_code == 413


def test_tokens_are_for_the_resources_that_are_named(open_service, sqlite_url, provider):
    apis = ("https://a.example", "https://b.example")
    provider = replace(provider, service=open_service(sqlite_url, resources=apis))
    machine = provider.add("machine")
    limited = provider.add("limited", resources=frozenset({apis[0]}))
    asked = provider.token(machine, "client_credentials", resource=list(apis)).json
    assert claims_of(asked["access_token"])["aud"] == list(apis)
    assert provider.token(limited, "client_credentials", resource=apis[0]).status_code == 200
    refused(provider.token(limited, "client_credentials", resource=apis[1]), "invalid_target")


def test_a_token_for_another_service_is_not_for_ours(open_service, sqlite_url, provider):
    provider = replace(provider, service=open_service(sqlite_url, resources=("https://a.example",)))
    app = provider.add()
    token = provider.tokens(app, resources=("https://a.example",))["access_token"]
    assert provider.service.get("/me", token).status_code == 401
    assert provider.userinfo(token).status_code == 401


def test_a_public_client_cannot_act_for_itself(provider):
    refused(provider.token(provider.public(), "client_credentials"), "unauthorized_client")
    grant = ClientCredentialsGrant(
        Resources("gapura"), ClientSlots(provider.service.database, "", provider.service.clock)
    )
    public = replace(provider.add("confused"), authentication=ClientAuthentication.NONE)
    with pytest.raises(UnauthorizedClient):
        grant.redeem(Exchange(public, Parameters({}), BEARER))


def test_a_token_of_a_client_is_nobodys_account(provider):
    machine = provider.add("machine", scopes=frozenset({"account"}))
    token = provider.token(machine, "client_credentials").json["access_token"]
    assert provider.service.get("/me", token).status_code == 401
    assert provider.userinfo(token).status_code == 401
