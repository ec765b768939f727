import pytest

from gapura import InvalidTokenError, SharedSecret, SharedSecretIssuer, TrustedIssuer, Verifier
from gapura.claims import read_access_token
from gapura.keys import KeySetState, RemoteKeySet

ISSUER = "https://login.example"


@pytest.mark.parametrize("issuer", ["https://evil.example", None])
def test_each_issuer_refuses_the_tokens_of_another_by_itself(keys, make_token, issuer):
    token = read_access_token(make_token.claims(iss=issuer, type="access"))
    with pytest.raises(InvalidTokenError, match="another issuer"):
        TrustedIssuer(ISSUER, "shop", keys).check_claims(token)


def test_a_shared_secret_refuses_the_tokens_of_another_issuer_by_itself(make_token):
    token = read_access_token(make_token.claims(iss="https://evil.example", type="access"))
    with pytest.raises(InvalidTokenError, match="another issuer"):
        SharedSecretIssuer(SharedSecret("x" * 32), ISSUER).check_claims(token)


def test_the_state_of_fetched_keys_is_there_for_an_operator(world, clock, inline_worker, keys):
    remote = RemoteKeySet(f"{ISSUER}/jwks.json", fetch=world, clock=clock, worker=inline_worker)
    issuers = [TrustedIssuer(ISSUER, "shop", remote), TrustedIssuer("https://other.example", "shop", keys)]
    (status,) = Verifier(issuers, clock=clock).key_statuses()
    assert (status.state, status.url) == (KeySetState.EMPTY, f"{ISSUER}/jwks.json")
