"""Token exchange: what comes out is never wider than what came in."""

import pytest

from gapura.jose import parse_compact
from gapura_auth.oauth.clients import ClientRules
from gapura_auth.oauth.token_grants.token_exchange import ACCESS_TOKEN, JWT
from gapura_auth.store.clients import delete_client

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
RESOURCES = ("orders", "https://stock.example")


def claims_of(token):
    return parse_compact(token).claims()


def refused(answer, error="invalid_request", status=400):
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text


def exchange(provider, client, token, headers=None, **form):
    form = {"subject_token": token, "subject_token_type": ACCESS_TOKEN} | form
    return provider.token(client, EXCHANGE, headers, **form)


@pytest.fixture
def orders(provider):
    return provider.add("orders", scopes=frozenset({"openid", "account", "users:write"}))


@pytest.fixture
def token(provider):
    """Give somebody's token for the order service and the stock service."""
    return provider.tokens(provider.add(), resources=RESOURCES)["access_token"]


def test_a_service_acts_on_behalf_of_the_person_who_called_it(provider, orders, token):
    answer = exchange(provider, orders, token, resource="https://stock.example").json
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope", "issued_token_type"}
    assert answer["issued_token_type"] == ACCESS_TOKEN
    before, after = claims_of(token), claims_of(answer["access_token"])
    assert after["act"] == {"sub": "orders"}
    assert (after["sub"], after["sid"], after["status"]) == (before["sub"], before["sid"], before["status"])
    assert (after["client_id"], after["aud"], after["scope"]) == ("orders", "https://stock.example", "account")


def test_the_whole_chain_of_actors_is_named(provider, orders, token):
    stock = provider.add("https://stock.example")
    handed_on = exchange(provider, orders, token, requested_token_type=JWT).json["access_token"]
    again = exchange(provider, stock, handed_on, subject_token_type=JWT).json["access_token"]
    assert claims_of(again)["act"] == {"sub": "https://stock.example", "act": {"sub": "orders"}}
    for _ in range(2):
        again = exchange(provider, stock, again).json["access_token"]
    refused(exchange(provider, stock, again))


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": "users:write"}, "invalid_scope"),
        ({"scope": "account users:write"}, "invalid_scope"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"audience": "gapura"}, "invalid_target"),
        ({"resource": "https://bank.example"}, "invalid_target"),
        ({"resource": "https://stock.example", "audience": "gapura"}, "invalid_target"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
        ({"subject_token_type": None}, "invalid_request"),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
        ({"actor_token": "x"}, "invalid_request"),
        ({"subject_token": None}, "invalid_request"),
        ({"subject_token": "x.y.z"}, "invalid_request"),
    ],
)
def test_more_than_what_came_in_is_refused(provider, orders, token, form, error):
    refused(exchange(provider, orders, token, **form), error)


def test_what_comes_out_does_not_live_longer(provider, orders, token):
    provider.service.clock.advance(400)
    answer = exchange(provider, orders, token).json
    assert claims_of(answer["access_token"])["exp"] == claims_of(token)["exp"]
    assert answer["expires_in"] == 200
    provider.service.clock.advance(200)
    refused(exchange(provider, orders, token))


def test_only_whom_a_token_is_sent_to_may_exchange_it(provider, orders, token):
    stranger = provider.add("stranger")
    refused(exchange(provider, stranger, token), "unauthorized_client")
    first_party = provider.add("first-party", rules=ClientRules(first_party=True))
    refused(exchange(provider, first_party, token), "unauthorized_client")
    of_ours = provider.tokens(provider.add("other"))["access_token"]
    refused(exchange(provider, orders, of_ours), "unauthorized_client")
    assert exchange(provider, first_party, of_ours).status_code == 200


def test_a_client_may_narrow_its_own_token(provider):
    app = provider.add()
    own = provider.tokens(app)["access_token"]
    assert exchange(provider, app, own, scope="account").json["scope"] == "account"


def test_what_is_bound_to_a_key_stays_bound(provider, orders):
    first, second, app = provider.prover(), provider.prover(), provider.add()
    code = provider.code(app, resources=RESOURCES)
    token = provider.exchange(app, code, {"DPoP": first.proof(provider.token_address)}).json["access_token"]
    refused(exchange(provider, orders, token))
    answer = exchange(provider, orders, token, {"DPoP": second.proof(provider.token_address)})
    assert claims_of(answer.json["access_token"])["cnf"] == {"jkt": second.thumbprint}


def test_what_was_revoked_is_good_for_nothing(provider, orders, token):
    handed_on = exchange(provider, orders, token).json["access_token"]
    with provider.service.database.write() as connection:
        delete_client(connection, "app", provider.service.clock())
    refused(exchange(provider, orders, token))
    refused(exchange(provider, orders, handed_on))


def test_tokens_of_machines_and_id_tokens_stand_for_no_person(provider):
    app = provider.add()
    tokens = provider.tokens(app)
    refused(exchange(provider, app, tokens["id_token"]))
    refused(exchange(provider, app, provider.token(app, "client_credentials").json["access_token"]))
    refused(exchange(provider, app, provider.tokens(app)["refresh_token"]))


def test_a_token_that_was_handed_on_is_not_for_userinfo(provider):
    app = provider.add()
    handed_on = exchange(provider, app, provider.tokens(app)["access_token"]).json["access_token"]
    assert provider.userinfo(handed_on).status_code == 403
