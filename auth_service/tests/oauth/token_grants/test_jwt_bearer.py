"""Assertions: whom the operator trusts vouches for a person, once, to the clients that were named."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import orjson
import pytest

from gapura.jose import SigningKey, generate_signing_key, parse_compact, sign
from gapura_chassis.settings import ConfigurationError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
NUMBERS = count()
PARTNER = "https://partner.example"


@dataclass
class Partner:
    provider: Any
    key: SigningKey

    def assertion(self, key=None, typ="JWT", **changes):
        now = int(self.provider.service.clock())
        claims = {
            "iss": PARTNER,
            "sub": self.provider.person(),
            "aud": self.provider.issuer,
            "iat": now,
            "exp": now + 300,
            "jti": f"a-{next(NUMBERS)}",
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return sign(claims, key or self.key, typ=typ)


def entry(key, **changes):
    return {
        "issuer": PARTNER,
        "jwks": {"keys": [key.public_jwk()]},
        "clients": ["app"],
        "scopes": ["account"],
    } | changes


def configured(open_service, url, tmp_path, content):
    path = tmp_path / "issuers.json"
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return open_service(url, assertion_issuers=path)


@pytest.fixture
def partner(provider, open_service, database_url, tmp_path):
    key = generate_signing_key("ES256")
    service = configured(open_service, database_url, tmp_path, [entry(key)])
    partner = Partner(replace(provider, service=service), key)
    partner.provider.add()
    return partner


def bring(partner, text, client_id="app", **form):
    data = {"grant_type": GRANT, "client_id": client_id, "client_secret": "correct horse battery staple"}
    return partner.provider.service.call("POST", "/oauth/token", data=data | {"assertion": text} | form)


def refused(answer, error="invalid_grant"):
    assert (answer.status_code, answer.json["error"]) == (400, error), answer.text


def test_an_assertion_gives_one_access_token_for_the_person(partner):
    answer = bring(partner, partner.assertion())
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "scope"}
    assert answer.json["scope"] == "account"
    assert answer.json["expires_in"] == 300
    claims = parse_compact(answer.json["access_token"]).claims()
    assert (claims["sub"], claims["client_id"]) == (partner.provider.person(), "app")
    assert partner.provider.service.get("/me", answer.json["access_token"]).json["username"] == "ani"


def test_an_assertion_is_good_once(partner, at_once):
    text = partner.assertion()
    answers = at_once(20, lambda _: bring(partner, text))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 19


def test_the_token_can_be_given_back(partner):
    token = bring(partner, partner.assertion()).json["access_token"]
    form = {"client_id": "app", "client_secret": "correct horse battery staple", "token": token}
    assert partner.provider.service.call("POST", "/oauth/revoke", data=form).status_code == 200
    assert partner.provider.service.get("/me", token).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://stranger.example"},
        {"iss": None},
        {"sub": None},
        {"sub": "nobody"},
        {"aud": None},
        {"aud": "https://elsewhere.example"},
        {"aud": ["http://127.0.0.1:5000", "https://elsewhere.example"]},
        {"aud": []},
        {"exp": None},
        {"exp": 1},
        {"exp": 1_790_000_000 + 3601},
        {"iat": None},
        {"iat": 1_790_000_000 + 31},
        {"nbf": 1_790_000_000 + 31},
        {"jti": None},
        {"jti": "j" * 257},
        {"typ": "at+jwt"},
        {"key": generate_signing_key("ES256")},
        {"key": generate_signing_key("EdDSA")},
    ],
    ids=lambda changes: next(iter(changes)),  # not the values: a key is another one in every process
)
def test_what_is_not_exactly_good_is_refused(partner, changes):
    refused(bring(partner, partner.assertion(**changes)))


def test_the_token_endpoint_is_a_good_audience_too(partner):
    assert bring(partner, partner.assertion(aud=[partner.provider.token_address])).status_code == 200


def test_other_clients_cannot_bring_it_and_garbage_is_refused(partner):
    partner.provider.add("other")
    refused(bring(partner, partner.assertion(), client_id="other"))
    refused(bring(partner, "x.y.z"))
    refused(bring(partner, ""), "invalid_request")


def test_more_than_the_operator_allows_is_not_given(partner):
    refused(bring(partner, partner.assertion(), scope="account openid"), "invalid_scope")
    refused(bring(partner, partner.assertion(jti="another"), scope="email"), "invalid_scope")


def test_nobody_vouches_for_somebody_who_was_disabled(partner):
    text = partner.assertion()
    partner.provider.service.administration.disable("ani")
    refused(bring(partner, text))


def test_where_nobody_is_trusted_there_is_no_such_grant(provider):
    provider.add()
    refused(provider.token(provider.add("app2"), GRANT, assertion="x"), "unsupported_grant_type")
    metadata = provider.service.get("/.well-known/openid-configuration").json
    assert GRANT not in metadata["grant_types_supported"]


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense",
        {},
        [{}],
        [{"issuer": PARTNER, "jwks": {"keys": []}, "clients": [], "scopes": []}],
        [entry(generate_signing_key("ES256")), entry(generate_signing_key("ES256"))],
        [entry(generate_signing_key("ES256"), more=1)],
    ],
    ids=["nonsense", "object", "empty", "no keys", "twice", "unknown member"],
)
def test_a_file_that_says_it_wrongly_refuses_to_start(open_service, sqlite_url, tmp_path, content):
    with pytest.raises(ConfigurationError, match="GAPURA_ASSERTION_ISSUERS"):
        configured(open_service, sqlite_url, tmp_path, content)
