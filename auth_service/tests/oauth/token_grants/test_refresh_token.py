"""Refresh tokens of clients: rotated, bound to their client and its key, never more than was granted."""

from collections import Counter
from dataclasses import replace

import pytest

from gapura.jose import parse_compact
from gapura_auth.store.clients import replace_client


def claims_of(token):
    return parse_compact(token).claims()


def refused(answer, error="invalid_grant", status=400):
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text


def test_a_refresh_gives_everything_anew_for_the_same_session(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    first = provider.tokens(app)
    provider.service.clock.advance(300)
    second = provider.refresh(app, first["refresh_token"]).json
    assert set(second) == set(first)
    assert second["refresh_token"] != first["refresh_token"]
    before, after = claims_of(first["id_token"]), claims_of(second["id_token"])
    for claim in ("iss", "sub", "aud", "auth_time", "sid"):
        assert before[claim] == after[claim]
    assert after["iat"] == before["iat"] + 300
    assert "nonce" not in after  # OpenID Connect Core, section 12.2


def test_a_retried_refresh_gets_the_same_successor_and_a_late_one_ends_the_session(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    first, again = provider.refresh(app, token), provider.refresh(app, token)
    assert first.status_code == again.status_code == 200
    assert first.json["refresh_token"] == again.json["refresh_token"]
    provider.service.clock.advance(provider.service.settings.refresh_grace_seconds + 1)
    refused(provider.refresh(app, token))
    refused(provider.refresh(app, first.json["refresh_token"]))
    assert provider.userinfo(again.json["access_token"]).status_code == 401


def test_fifty_parallel_refreshes_get_one_successor(provider_on_both, at_once):
    provider = provider_on_both
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    answers = at_once(50, lambda _: provider.refresh(app, token))
    assert Counter(answer.status_code for answer in answers) == {200: 50}
    assert len({answer.json["refresh_token"] for answer in answers}) == 1


def test_another_client_cannot_refresh_and_does_no_harm(provider_on_both):
    provider = provider_on_both
    app, other = provider.add(), provider.add("other")
    token = provider.tokens(app)["refresh_token"]
    refused(provider.refresh(other, token))
    assert not provider.service.rows("SELECT 1 FROM refresh_tokens WHERE consumed_at IS NOT NULL")
    assert provider.refresh(app, token).status_code == 200


def test_the_guides_own_refresh_takes_no_tokens_of_clients(provider):
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    assert provider.service.refresh(token).status_code == 401
    assert provider.refresh(app, token).status_code == 200


def test_a_token_of_login_is_not_for_the_token_endpoint(provider):
    app = provider.add()
    token = provider.service.tokens()["refresh_token"]
    refused(provider.refresh(app, token))
    assert provider.service.refresh(token).status_code == 200


def test_less_scope_can_be_asked_for_and_the_next_refresh_has_it_all_again(provider):
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    less = provider.refresh(app, token, scope="account").json
    assert less["scope"] == "account"
    assert "id_token" not in less
    assert "openid" in provider.refresh(app, less["refresh_token"]).json["scope"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": "account users:write"}, "invalid_scope"),
        ({"scope": "a" * 5000}, "invalid_scope"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
    ],
)
def test_a_wish_for_more_is_refused_and_leaves_the_token_unused(provider, form, error):
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    refused(provider.refresh(app, token, **form), error)
    assert provider.refresh(app, token).status_code == 200


def test_what_the_client_or_the_person_may_no_more_is_gone(provider):
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    with provider.service.database.write() as connection:
        replace_client(connection, replace(app, scopes=frozenset({"openid", "account"})))
    provider.service.clock.advance(2)
    second = provider.refresh(app, token).json
    assert second["scope"] == "account openid"
    provider.service.administration.withdraw("ani", "member")
    assert provider.refresh(app, second["refresh_token"]).json["scope"] == "openid"


@pytest.mark.parametrize("text", ["", "x", "gpr_rt_" + "a" * 49, "a" * 40_000])
def test_garbage_is_refused(provider, text):
    answer = provider.refresh(provider.add(), text)
    assert answer.status_code == 400
    assert answer.json["error"] in {"invalid_grant", "invalid_request"}


def test_the_session_of_somebody_who_was_disabled_is_over(provider):
    app = provider.add()
    token = provider.tokens(app)["refresh_token"]
    provider.service.administration.disable("ani")
    refused(provider.refresh(app, token))
