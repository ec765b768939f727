"""The provider says what is there, as the sum of its parts."""

import pytest

from gapura_auth.oauth.discovery import Capability, Contradiction, provider_metadata

ISSUER = "https://login.example.com/auth"


def test_the_document_is_the_sum_of_the_capabilities():
    capabilities = [
        Capability(endpoints={"token_endpoint": "/oauth/token"}, members={"grant_types_supported": ["a", "b"]}),
        Capability(members={"grant_types_supported": ["b", "c"], "request_parameter_supported": False, "none": []}),
        Capability(members={"request_parameter_supported": False}),
    ]
    assert provider_metadata(ISSUER, capabilities) == {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/oauth/token",
        "grant_types_supported": ["a", "b", "c"],
        "request_parameter_supported": False,
    }


@pytest.mark.parametrize(
    ("one", "other"), [(True, False), ("a", "b"), ("a", ["a"]), (["a"], True), ([], 1.5), ({"a": 1}, {"b": 2})]
)
def test_two_capabilities_must_not_contradict_each_other(one, other):
    with pytest.raises(Contradiction):
        provider_metadata(ISSUER, [Capability(members={"x": one}), Capability(members={"x": other})])
