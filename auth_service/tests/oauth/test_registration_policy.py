"""What clients get that register themselves, and what they do not."""

import pytest

from gapura_auth.oauth.client_metadata import read_metadata
from gapura_auth.oauth.errors import InvalidClientMetadata
from gapura_auth.oauth.registration_policy import RegistrationPolicy
from gapura_auth.oauth.vocabulary import GrantType

EVERYBODY = RegistrationPolicy(scopes=frozenset({"openid", "email"}))
TRUSTED = RegistrationPolicy(
    scopes=frozenset({"openid", "products:write"}),
    grant_types=frozenset(GrantType),
    resources=frozenset({"https://api.example.com"}),
    first_party=True,
    without_pkce=True,
)


@pytest.mark.parametrize(
    "members",
    [
        {"first_party": True},
        {"first_party": "true"},
        {"first_party": 1},
        {"require_pkce": False},
        {"require_pkce": 0},
        {"require_pkce": None},
        {"grant_types": ["authorization_code", "client_credentials"]},
        {"grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"]},
        {"grant_types": [["authorization_code"]]},
        {"resources": [["x"]]},
        {"scope": " ".join(f"s{number}" for number in range(100_000))},
    ],
)
def test_a_privilege_that_the_policy_does_not_give_is_refused(members):
    with pytest.raises(InvalidClientMetadata):
        apply(EVERYBODY, **members)


def apply(policy, **members):
    return policy.apply(read_metadata(members))


def test_scopes_beyond_the_policy_are_left_out():
    assert apply(EVERYBODY, scope="openid users:admin products:write").scope == "openid"
    assert apply(EVERYBODY, scope="users:admin").scope == ""


def test_who_asks_for_no_scope_gets_those_of_the_policy():
    assert apply(EVERYBODY).scope == "email openid"


def test_resources_stay_within_the_policy():
    assert apply(TRUSTED).resources == ("https://api.example.com",)
    both = ["https://api.example.com", "https://x.example"]
    assert apply(TRUSTED, resources=both).resources == ("https://api.example.com",)
    with pytest.raises(InvalidClientMetadata):
        apply(TRUSTED, resources=["https://x.example"])
    assert apply(EVERYBODY, resources=["https://x.example"]).resources == ("https://x.example",)


def test_what_the_policy_gives_may_be_asked_for():
    made = apply(TRUSTED, first_party=True, require_pkce=False, grant_types=["client_credentials"], scope="openid")
    assert (made.first_party, made.require_pkce, made.scope) == (True, False, "openid")
    assert made.grant_types == (GrantType.CLIENT_CREDENTIALS,)


@pytest.mark.parametrize("policy", [EVERYBODY, TRUSTED, RegistrationPolicy()])
def test_a_policy_comes_back_as_it_was_kept(policy):
    assert RegistrationPolicy.of(policy.as_document()) == policy


def test_of_a_policy_that_says_nothing_nothing_follows():
    nothing = RegistrationPolicy.of({})
    assert (nothing.scopes, nothing.grant_types, nothing.first_party, nothing.without_pkce) == (
        frozenset(), frozenset(), False, False,
    )  # fmt: skip
