import pytest

from gapura import InsufficientScopeError, InvalidTokenError, KeysUnavailableError, MissingTokenError, refuse
from gapura.errors import GuardError, InvalidDpopProofError, UseDpopNonceError
from gapura.metadata import ProtectedResource


def challenge(error: GuardError, **options) -> str:
    return refuse(error, realm="shop", **options).headers["WWW-Authenticate"]


def test_without_credentials_there_is_no_error_code():
    assert challenge(MissingTokenError()) == 'Bearer realm="shop"'


def test_with_credentials_the_error_is_named_and_described():
    assert challenge(InvalidTokenError("No.")) == 'Bearer realm="shop", error="invalid_token", error_description="No."'
    assert challenge(InsufficientScopeError({"b", "a"})).endswith('scope="a b"')


def test_a_proof_is_asked_for_with_its_own_scheme():
    assert challenge(InvalidDpopProofError()).startswith('DPoP realm="shop", algs="ES256 ES384')
    assert refuse(UseDpopNonceError("n-1"), realm="shop").headers["DPoP-Nonce"] == "n-1"


def test_the_metadata_of_the_resource_is_named():
    resource = ProtectedResource("https://shop.example")
    assert challenge(MissingTokenError(), resource=resource) == (
        'Bearer realm="shop", resource_metadata="https://shop.example/.well-known/oauth-protected-resource"'
    )


@pytest.mark.parametrize("evil", ['a"b', "a\\b", "a\r\nSet-Cookie: x=1", "caf\xe9", "\u0e01", "\x7f"])
def test_what_a_token_says_cannot_break_out_of_the_header(evil):
    refusal = refuse(InvalidTokenError(evil), realm="shop")
    description = refusal.headers["WWW-Authenticate"].partition('error_description="')[2]
    assert description.endswith('"')
    assert description.isascii()
    assert description.isprintable()
    assert '"' not in description[:-1]
    assert "\\" not in description
    assert refusal.body == {"msg": evil}


def test_what_cannot_be_told_says_when_to_come_back():
    refusal = refuse(KeysUnavailableError(), realm="shop")
    assert (refusal.status, refusal.headers["Retry-After"]) == (503, "1")
    assert "WWW-Authenticate" not in refusal.headers
