"""What an authorization request may say, and what the client is told when it says something else."""

import pytest

from gapura_auth.oauth.authorization_parameters import Display
from gapura_auth.oauth.authorization_request import Provenance, read_request
from gapura_auth.oauth.clients import Client, ClientPresentation, ClientRules
from gapura_auth.oauth.errors import OAuthError
from gapura_auth.oauth.parameters import Parameters
from gapura_auth.oauth.response_target import read_target
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType, Prompt

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
GOOD = {
    "response_type": "code",
    "client_id": "c",
    "redirect_uri": "https://app.example.com/callback",
    "scope": "openid profile products:write",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
NO_PKCE = {"code_challenge": None, "code_challenge_method": None}


def client(**more):
    values = {
        "id": "c",
        "presentation": ClientPresentation("C"),
        "authentication": ClientAuthentication.NONE,
        "redirect_uris": (GOOD["redirect_uri"],),
        "scopes": frozenset({"openid", "profile", "email"}),
    }
    return Client(**{**values, **more})


def read(of=None, provenance=None, **changes):
    of = of or client()
    given = {**GOOD, **changes}
    pairs = [
        (name, text) for name, value in given.items() for text in ([value] if isinstance(value, str) else value or [])
    ]
    parameters = Parameters.of(pairs)
    return read_request(parameters, of, read_target(parameters, of), provenance or Provenance())


def refusal(**arguments):
    with pytest.raises(OAuthError) as refused:
        read(**arguments)
    assert refused.value.description.isascii()
    assert not set(refused.value.description) & {'"', "\\"}
    return refused.value.code.value


def test_a_plain_request_is_read_and_what_the_client_may_not_have_is_left_out():
    request = read()
    assert request.scopes == ("openid", "profile")
    assert request.code_challenge == CHALLENGE
    assert request.redirect_uri == request.target.redirect_uri == GOOD["redirect_uri"]
    assert (request.prompts, request.max_age, request.display) == (frozenset(), None, Display.PAGE)


def test_everything_that_can_be_said_is_read():
    request = read(
        nonce="n",
        prompt="login consent",
        max_age="0",
        acr_values="2 1 2",
        login_hint="ani",
        id_token_hint="a.b.c",
        ui_locales="id-ID en",
        claims='{"userinfo": {"email": null}, "id_token": {"sub": {"value": "x"}}, "other": 1}',
        display="popup",
        resource=["https://api.example.com/", "urn:example:api", "https://api.example.com/"],
        dpop_jkt=CHALLENGE,
        something_new="ignored",
    )
    assert request.nonce == "n"
    assert request.prompts == {Prompt.LOGIN, Prompt.CONSENT}
    assert request.max_age == 0
    assert request.acr_values == ("2", "1")
    assert (request.login_hint, request.id_token_hint) == ("ani", "a.b.c")
    assert request.ui_locales == ("id-ID", "en")
    assert request.claims.userinfo == {"email": None}
    assert request.claims.accepted_values("sub") == ("x",)
    assert request.display is Display.POPUP
    assert request.resources == ("https://api.example.com/", "urn:example:api")
    assert request.dpop_jkt == CHALLENGE


def test_a_display_that_nobody_knows_is_ignored():
    assert read(display="hologram").display is Display.PAGE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "query.jwt"}, "invalid_request"),
        ({"client_id": "d"}, "invalid_request"),
        ({"scope": "x" * 5000}, "invalid_scope"),
        ({"scope": " ".join(f"s{number}" for number in range(101))}, "invalid_scope"),
        ({"scope": 'openid "quoted"'}, "invalid_scope"),
        ({"scope": "products:write"}, "invalid_scope"),
        ({"nonce": "n" * 1025}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1.5"}, "invalid_request"),
        ({"max_age": "1e3"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"max_age": "9" * 10}, "invalid_request"),
        ({"acr_values": "1 " * 600}, "invalid_request"),
        ({"login_hint": "a" * 1025}, "invalid_request"),
        ({"ui_locales": "id " * 400}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"claims": '{"id_token": {}, "id_token": {}}'}, "invalid_request"),
        ({"claims": '{"id_token": []}'}, "invalid_request"),
        ({"claims": '{"userinfo": {"email": true}}'}, "invalid_request"),
        ({"claims": '{"userinfo": {"' + "n" * 256 + '": null}}'}, "invalid_request"),
        ({"claims": "[" * 9000}, "invalid_request"),
        ({"claims": '{"id_token": {"sub": {"value": "' + "x" * 8192 + '"}}}'}, "invalid_request"),
        ({"claims": '{"id_token": ' + '{"a":' * 40 + "1" + "}" * 41}, "invalid_request"),
        ({"resource": "api"}, "invalid_target"),
        ({"resource": "https://api.example.com/#x"}, "invalid_target"),
        ({"resource": "https:"}, "invalid_target"),
        ({"resource": "http://["}, "invalid_target"),
        ({"resource": "https://api.example.com/ x"}, "invalid_target"),
        ({"resource": "https://api.example.com/" + "x" * 2048}, "invalid_target"),
        ({"dpop_jkt": "short"}, "invalid_request"),
        ({"dpop_jkt": "=" * 43}, "invalid_request"),
    ],
)
def test_what_a_request_may_not_say_is_refused(changes, code):
    assert refusal(**changes) == code


@pytest.mark.parametrize(
    "changes",
    [
        NO_PKCE,
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge": None},
        {"code_challenge": "short"},
        {"code_challenge": CHALLENGE + "="},
        {"code_challenge": CHALLENGE[:-1] + "+"},
        {"code_challenge": CHALLENGE[:-1] + "\n"},
        {"code_challenge": "a" * 128},
    ],
)
def test_pkce_cannot_be_left_out_or_weakened(changes):
    assert refusal(**changes) == "invalid_request"


def test_pkce_is_demanded_of_confidential_clients_too_unless_they_are_excused():
    strict = client(authentication=ClientAuthentication.SECRET_BASIC)
    excused = client(authentication=ClientAuthentication.SECRET_BASIC, rules=ClientRules(pkce_required=False))
    assert refusal(of=strict, **NO_PKCE) == "invalid_request"
    assert read(of=excused, **NO_PKCE).code_challenge is None
    # who is excused and uses it all the same, uses it right
    assert refusal(of=excused, code_challenge_method="plain") == "invalid_request"
    assert refusal(of=excused, code_challenge=None) == "invalid_request"
    assert refusal(of=excused, code_challenge_method=None) == "invalid_request"


def test_a_public_client_is_never_excused_from_pkce():
    assert refusal(of=client(rules=ClientRules(pkce_required=False)), **NO_PKCE) == "invalid_request"


def test_without_a_scope_the_client_gets_what_it_is_registered_for():
    assert read(scope=None).scopes == ("email", "openid", "profile")
    assert read(of=client(scopes=frozenset()), scope=None).scopes == ()


def test_what_the_client_left_out_is_what_it_registered():
    registered = client(default_max_age=60, default_acr_values=("2",))
    assert (read(of=registered).max_age, read(of=registered).acr_values) == (60, ("2",))
    assert (read(of=registered, max_age="5").max_age, read(of=registered, acr_values="1").acr_values) == (5, ("1",))


def test_a_client_asks_for_its_own_resources_only():
    of = client(resources=frozenset({"https://api.example.com/"}))
    assert read(of=of, resource="https://api.example.com/").resources == ("https://api.example.com/",)
    assert refusal(of=of, resource="https://other.example.com/") == "invalid_target"


@pytest.mark.parametrize(
    ("rules", "provenance", "is_good"),
    [
        (ClientRules(par_required=True), Provenance(), False),
        (ClientRules(par_required=True), Provenance(signed=True), False),
        (ClientRules(par_required=True), Provenance(pushed=True), True),
        (ClientRules(signed_request_required=True), Provenance(pushed=True), False),
        (ClientRules(signed_request_required=True), Provenance(signed=True), True),
        (ClientRules(par_required=True, signed_request_required=True), Provenance(pushed=True, signed=True), True),
    ],
)
def test_a_client_that_must_push_or_sign_its_requests_cannot_do_without(rules, provenance, is_good):
    if is_good:
        assert read(of=client(rules=rules), provenance=provenance)
    else:
        assert refusal(of=client(rules=rules), provenance=provenance) == "invalid_request"


def test_a_client_without_the_grant_gets_no_code():
    machine = client(grant_types=frozenset({GrantType.CLIENT_CREDENTIALS}))
    assert refusal(of=machine) == "unauthorized_client"
