"""Codes: exchanged once, by whom they were issued to; whoever tries otherwise ends what came of them."""

from collections import Counter
from contextlib import contextmanager

import pytest

from gapura.jose import JwsLimits, parse_compact
from gapura_auth.credentials import new_token
from gapura_auth.oauth.authorization_codes import CodeBinding
from gapura_auth.oauth.clients import ClientRules
from gapura_auth.oauth.requested_claims import RequestedClaims
from gapura_auth.oauth.vocabulary import GrantType
from gapura_auth.store.transactions import SqlTransactions

CALLBACK = "https://app.example/callback"
VERIFIER = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQR"


def claims_of(token):
    return parse_compact(token, limits=JwsLimits()).claims()


def refused(answer, error="invalid_grant", status=400):
    assert (answer.status_code, answer.json["error"]) == (status, error), answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return True


def reasons(provider):
    return [row.revoked_because for row in provider.service.rows("SELECT revoked_because FROM sessions")]


def test_a_code_gives_access_refresh_and_id_token(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    answer = provider.exchange(app, provider.code(app))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
    assert answer.json["scope"] == "account email offline_access openid profile"
    access, identity = claims_of(answer.json["access_token"]), claims_of(answer.json["id_token"])
    assert access["client_id"] == "app"
    assert access["aud"] == "gapura"
    assert access["sid"] == identity["sid"]
    assert (identity["aud"], identity["nonce"], identity["auth_time"]) == (
        "app",
        "n-1",
        int(provider.service.clock()) - 5,
    )
    assert identity["sub"] == access["sub"] == provider.person()
    assert (identity["amr"], identity["acr"]) == (["pwd"], "urn:x")
    assert "at_hash" in identity
    assert "email" not in identity
    assert parse_compact(answer.json["id_token"]).header.alg == "RS256"
    assert parse_compact(answer.json["access_token"]).header.alg == "ES256"


def test_our_own_services_accept_the_access_token(provider):
    app = provider.add()
    token = provider.tokens(app)["access_token"]
    assert provider.service.get("/me", token).json["username"] == "ani"


def test_a_replayed_code_revokes_what_it_issued(provider_on_both):
    provider = provider_on_both
    app = provider.add()
    code = provider.code(app)
    tokens = provider.exchange(app, code).json
    refused(provider.exchange(app, code))
    refused(provider.refresh(app, tokens["refresh_token"]))
    assert provider.userinfo(tokens["access_token"]).status_code == 401
    assert (
        provider.service.rows("SELECT revoked_because FROM sessions")[0].revoked_because == "authorization code reused"
    )
    assert provider.service.rows("SELECT 1 FROM audit_events WHERE action = 'session.revoked'")


def test_of_fifty_parallel_exchanges_of_one_code_one_succeeds(provider_on_both, at_once):
    provider = provider_on_both
    app = provider.add()
    code = provider.code(app)
    answers = at_once(50, lambda _: provider.exchange(app, code))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 49}
    assert len(provider.service.rows("SELECT 1 FROM refresh_tokens")) == 1


def test_a_crash_between_consuming_and_answering_never_gives_a_second_token(provider_on_both, monkeypatch):
    provider = provider_on_both
    app = provider.add()
    code = provider.code(app)
    committed = SqlTransactions.write

    @contextmanager
    def write_and_die(self):
        with committed(self) as transaction:
            yield transaction
        raise KeyboardInterrupt  # the process ends after the commit, and before an answer

    monkeypatch.setattr(SqlTransactions, "write", write_and_die)
    with pytest.raises(KeyboardInterrupt):
        provider.exchange(app, code)
    monkeypatch.undo()
    refused(provider.exchange(app, code))
    assert reasons(provider) == ["authorization code reused"]


def test_a_crash_before_the_commit_leaves_the_code_as_it_was(provider_on_both, monkeypatch):
    provider = provider_on_both
    app = provider.add()
    code = provider.code(app)
    monkeypatch.setattr(
        "gapura_auth.oauth.token_grants.authorization_code.check_code", lambda *_: (_ for _ in ()).throw(OSError)
    )
    assert provider.exchange(app, code).status_code == 500
    monkeypatch.undo()
    assert provider.exchange(app, code).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": VERIFIER[:-1] + "x"},
        {"code_verifier": VERIFIER[:42]},
        {"code_verifier": VERIFIER * 4},
        {"code_verifier": VERIFIER + "!"},
        {"code_verifier": "lRnY0o1AaGPjkX5Drl2lyG-sVYyUqrOEsZ1FnMjYx9I"},
        {"redirect_uri": None},
        {"redirect_uri": "https://app.example/other"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": CALLBACK.upper()},
    ],
    ids=lambda changes: f"{next(iter(changes))}-{len(str(next(iter(changes.values()))))}",
)
def test_an_exchange_that_differs_from_the_request_is_refused(provider, changes):
    app = provider.add()
    refused(provider.exchange(app, provider.code(app), **changes))


@pytest.mark.parametrize("text", [new_token("gpr_ac").text, "garbage", "ÿ" * 500], ids=["unknown", "garbage", "bytes"])
def test_what_is_no_code_is_refused(provider, text):
    refused(provider.exchange(provider.add(), text))


def test_after_one_wrong_verifier_the_right_one_comes_too_late(provider):
    app = provider.add()
    code = provider.code(app)
    refused(provider.exchange(app, code, code_verifier="x" * 43))
    refused(provider.exchange(app, code))


def test_a_verifier_for_a_request_without_challenge_is_a_downgrade(provider):
    app = provider.add(rules=ClientRules(pkce_required=False))
    without = CodeBinding(redirect_uri=CALLBACK)
    refused(provider.exchange(app, provider.code(app, without)))
    assert provider.exchange(app, provider.code(app, without), code_verifier=None).status_code == 200


def test_where_the_request_named_no_redirect_uri_the_exchange_need_not(provider):
    app = provider.add()
    bound = CodeBinding(code_challenge=provider_challenge())
    assert provider.exchange(app, provider.code(app, bound), redirect_uri=None).status_code == 200
    assert provider.exchange(app, provider.code(app, bound)).status_code == 200
    refused(provider.exchange(app, provider.code(app, bound), redirect_uri="https://evil.example/"))


def provider_challenge():
    import hashlib  # noqa: PLC0415 -- beside its only use

    from gapura.jose import encode_base64url  # noqa: PLC0415

    return encode_base64url(hashlib.sha256(VERIFIER.encode()).digest())


def test_another_client_cannot_exchange_a_code_and_ends_it(provider_on_both):
    provider = provider_on_both
    app, other = provider.add(), provider.add("other")
    code = provider.code(app)
    refused(provider.exchange(other, code))
    refused(provider.exchange(app, code))


def test_an_expired_code_is_refused(provider):
    app = provider.add()
    code = provider.code(app)
    provider.service.clock.advance(60)
    refused(provider.exchange(app, code))


def test_the_code_of_somebody_who_was_disabled_is_refused(provider):
    app = provider.add()
    code = provider.code(app)
    provider.service.administration.disable("ani")
    refused(provider.exchange(app, code))


def test_only_what_client_and_person_still_may_is_given(provider):
    app = provider.add(scopes=frozenset({"openid", "users:write"}))
    scopes = frozenset({"openid", "email", "users:write", "account"})
    assert provider.tokens(app, scopes=scopes)["scope"] == "openid"


def test_without_openid_there_is_no_id_token_and_without_the_grant_no_refresh_token(provider):
    app = provider.add(grant_types=frozenset({GrantType.AUTHORIZATION_CODE}))
    tokens = provider.tokens(app, scopes=frozenset({"account"}))
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope"}


def test_claims_asked_for_one_by_one_are_in_the_id_token(provider):
    app = provider.add()
    asked = RequestedClaims(id_token={"preferred_username": None, "email": None, "nickname": None, "sub": None})
    identity = claims_of(provider.tokens(app, claims=asked)["id_token"])
    assert identity["preferred_username"] == "ani"
    assert not {"email", "nickname"} & set(identity)


def test_a_client_must_be_registered_for_the_grant(provider):
    app = provider.add(grant_types=frozenset({GrantType.REFRESH_TOKEN}))
    refused(provider.exchange(app, provider.code(app)), "unauthorized_client")


@pytest.mark.parametrize(
    ("grant_type", "error"),
    [
        (None, "invalid_request"),
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("AUTHORIZATION_CODE", "unsupported_grant_type"),
    ],
)
def test_what_is_no_grant_is_refused(provider, grant_type, error):
    app = provider.add()
    refused(provider.token(app, grant_type), error)


def test_a_resource_can_be_chosen_among_those_that_were_granted(provider):
    app = provider.add()
    granted = {"resources": ("https://a.example", "https://b.example")}
    assert claims_of(provider.tokens(app, **granted)["access_token"])["aud"] == [
        "https://a.example",
        "https://b.example",
    ]
    one = provider.exchange(app, provider.code(app, **granted), resource="https://b.example")
    assert claims_of(one.json["access_token"])["aud"] == "https://b.example"
    refused(provider.exchange(app, provider.code(app, **granted), resource="https://c.example"), "invalid_target")
    refused(provider.exchange(app, provider.code(app), resource="https://a.example"), "invalid_target")
