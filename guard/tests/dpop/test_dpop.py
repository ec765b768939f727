import json
import uuid

import pytest
from flask import Flask

from gapura import Guard, TrustedIssuer, Verifier
from gapura.dpop import DpopVerifier, NonceSource, Possession, ReplayCache, token_hash
from gapura.errors import InvalidDpopProofError, TooManyProofsError, UseDpopNonceError
from gapura.jose import encode_base64url, generate_signing_key

URL = "http://localhost/plain"


def prove(key, claims, *, typ="dpop+jwt", **header):
    """Sign a proof as a client does: with its own key in the header."""
    jwk = {name: key.public_jwk()[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in key.public_jwk()}
    header = {"alg": key.alg, "typ": typ, "jwk": jwk} | header
    segments = [encode_base64url(json.dumps(part).encode()) for part in (header, claims)]
    signature = key.algorithm.signature.sign(".".join(segments).encode(), key.material)
    return ".".join([*segments, encode_base64url(signature)])


@pytest.fixture(scope="module", params=["ES256", "PS256", "EdDSA"])
def client_key(request):
    return generate_signing_key(request.param)


@pytest.fixture(scope="module")
def thief_key():
    return generate_signing_key("ES256")


@pytest.fixture
def claims(clock):
    def claims(token=None, **changes):
        good = {"jti": str(uuid.uuid4()), "htm": "GET", "htu": URL, "iat": int(clock())}
        if token is not None:
            good["ath"] = token_hash(token)
        return {name: value for name, value in (good | changes).items() if value is not ...}

    return claims


@pytest.fixture
def bound_token(make_token, client_key):
    return make_token(cnf={"jkt": client_key.verification_key.thumbprint})


@pytest.fixture
def client(keys, clock):
    app = Flask(__name__)
    Guard(app, verifier=Verifier([TrustedIssuer("https://login.example", "shop", keys)], clock=clock), clock=clock)
    app.add_url_rule("/plain", view_func=lambda: "ok", methods=["GET", "POST"], endpoint="plain")
    return app.test_client()


def ask(client, token, proof, scheme="DPoP", **options):
    return client.get("/plain", headers={"Authorization": f"{scheme} {token}", "DPoP": proof}, **options)


def test_a_bound_token_with_its_proof_is_good(client, bound_token, client_key, claims):
    for _ in range(2):
        assert ask(client, bound_token, prove(client_key, claims(bound_token))).status_code == 200


def test_a_bound_token_is_never_good_as_bearer(client, bound_token, client_key, claims):
    for proof in ("", prove(client_key, claims(bound_token))):
        answer = ask(client, bound_token, proof, scheme="Bearer")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith('DPoP realm="gapura", algs="ES256 ')
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_bearer_token_is_not_good_with_a_proof(client, make_token, client_key, claims):
    token = make_token()
    assert ask(client, token, prove(client_key, claims(token))).status_code == 401


def test_a_proof_of_another_key_is_not_good(client, bound_token, thief_key, claims):
    answer = ask(client, bound_token, prove(thief_key, claims(bound_token)))
    assert answer.status_code == 401
    assert 'error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"]


def test_a_proof_is_good_once(client, bound_token, client_key, claims):
    proof = prove(client_key, claims(bound_token))
    assert ask(client, bound_token, proof).status_code == 200
    assert ask(client, bound_token, proof).json == {"msg": "The DPoP proof was used before."}


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "POST"},
        {"htm": "get"},
        {"htm": ...},
        {"htu": "http://localhost/other"},
        {"htu": "https://localhost/plain"},
        {"htu": "http://evil.example/plain"},
        {"htu": "http://localhost:81/plain"},
        {"htu": "http://localhost:x/plain"},
        {"htu": ...},
        {"jti": ...},
        {"jti": "j" * 257},
        {"jti": 5},
        {"iat": ...},
        {"iat": "now"},
        {"iat": 1},
        {"ath": ...},
        {"ath": token_hash("another token")},
        {"ath": 5},
        {"nonce": 5},
    ],
)
def test_a_proof_for_something_else_is_not_good(client, bound_token, client_key, claims, changes):
    answer = ask(client, bound_token, prove(client_key, claims(bound_token, **changes)))
    assert answer.status_code == 401
    assert 'error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("typ", "header"),
    [
        ("jwt", {}),
        ("at+jwt", {}),
        ("dpop+jwt", {"jwk": None}),
        ("dpop+jwt", {"jwk": {}}),
        ("dpop+jwt", {"jwk": {"kty": "oct", "k": "A" * 43}, "alg": "HS256"}),
        ("dpop+jwt", {"alg": "none"}),
        ("dpop+jwt", {"alg": "HS256"}),
        ("dpop+jwt", {"alg": "ES512"}),
        ("dpop+jwt", {"crit": ["jwk"]}),
        ("dpop+jwt", {"jku": "https://evil.example"}),
        ("dpop+jwt", {"jwk": generate_signing_key("ES256").private_jwk()}),
        ("dpop+jwt", {"jwk": generate_signing_key("ES256").public_jwk()}),
    ],
)
def test_a_proof_that_is_not_in_form_is_not_good(client, bound_token, client_key, claims, typ, header):  # noqa: PLR0913, PLR0917 - a table
    assert ask(client, bound_token, prove(client_key, claims(bound_token), typ=typ, **header)).status_code == 401


@pytest.mark.parametrize("proof", ["", "nonsense", "a.b.c", "e30.e30.AA"])
def test_what_is_no_proof_is_not_good(client, bound_token, proof):
    assert ask(client, bound_token, proof).status_code == 401


def test_two_proofs_are_not_good(client, bound_token, client_key, claims):
    headers = [("Authorization", f"DPoP {bound_token}")]
    headers += [("DPoP", prove(client_key, claims(bound_token))) for _ in range(2)]
    assert client.get("/plain", headers=headers).status_code == 401


def test_the_address_is_compared_without_query_default_port_and_case(client, bound_token, client_key, claims):
    for htu in ("http://LOCALHOST:80/plain", "http://localhost/plain?x=1", "http://localhost/plain#x"):
        assert ask(client, bound_token, prove(client_key, claims(bound_token, htu=htu))).status_code == 200
    answer = ask(client, bound_token, prove(client_key, claims(bound_token)), query_string={"page": "2"})
    assert answer.status_code == 200


def test_behind_a_proxy_a_proof_is_for_the_public_address(keys, clock, bound_token, client_key, claims):
    app = Flask(__name__)
    verifier = Verifier([TrustedIssuer("https://login.example", "shop", keys)], clock=clock)
    Guard(app, resource="https://shop.example/api", verifier=verifier, clock=clock)
    app.add_url_rule("/plain", view_func=lambda: "ok", endpoint="plain")
    for htu, status in (("https://shop.example/plain", 200), (URL, 401)):
        proof = prove(client_key, claims(bound_token, htu=htu))
        assert ask(app.test_client(), bound_token, proof).status_code == status


@pytest.mark.parametrize(("age", "good"), [(0, True), (60, True), (61, False), (-10, True), (-11, False)])
def test_a_proof_is_fresh_for_a_minute(client, bound_token, client_key, claims, clock, age, good):  # noqa: PLR0913, PLR0917 - a table
    proof = prove(client_key, claims(bound_token, iat=int(clock()) - age))
    assert (ask(client, bound_token, proof).status_code == 200) is good


@pytest.mark.parametrize(
    "cnf", [{"x5t#S256": "x"}, {}, {"jkt": ""}, {"jkt": 5}, {"jkt": "x", "x5t#S256": "x"}, "x", None]
)
def test_a_token_bound_in_another_way_is_never_good(client, make_token, cnf):
    answer = client.get("/plain", headers={"Authorization": f"Bearer {make_token(cnf=cnf)}"})
    assert answer.status_code == 401


def test_at_a_token_endpoint_a_proof_needs_no_token(clock, thief_key, claims):
    possession = Possession(prove(thief_key, claims()), "GET", URL)
    proof = DpopVerifier().verify(possession, now=clock())
    assert proof.thumbprint == thief_key.verification_key.thumbprint


def test_where_a_nonce_is_demanded_one_is_handed_out_and_accepted(clock, thief_key, claims):
    dpop = DpopVerifier(nonces=NonceSource(b"secret"))
    with pytest.raises(UseDpopNonceError) as refused:
        dpop.verify(Possession(prove(thief_key, claims()), "GET", URL), now=clock())
    nonce = refused.value.headers["DPoP-Nonce"]
    assert dpop.verify(Possession(prove(thief_key, claims(nonce=nonce)), "GET", URL), now=clock()).nonce == nonce


def test_a_nonce_reaches_the_client(keys, clock, bound_token, client_key, claims):
    app = Flask(__name__)
    verifier = Verifier(
        [TrustedIssuer("https://login.example", "shop", keys)],
        clock=clock,
        dpop=DpopVerifier(nonces=NonceSource(b"secret")),
    )
    Guard(app, verifier=verifier, clock=clock)
    app.add_url_rule("/plain", view_func=lambda: "ok", endpoint="plain")
    client = app.test_client()
    answer = ask(client, bound_token, prove(client_key, claims(bound_token)))
    assert (answer.status_code, 'error="use_dpop_nonce"' in answer.headers["WWW-Authenticate"]) == (401, True)
    nonce = answer.headers["DPoP-Nonce"]
    assert ask(client, bound_token, prove(client_key, claims(bound_token, nonce=nonce))).status_code == 200


def test_nonces_are_genuine_and_young_in_every_process_with_the_secret():
    source, other = NonceSource(b"a"), NonceSource(b"b")
    nonce = source.issue(1000.5)
    assert NonceSource(b"a").accepts(nonce, 1300)
    assert not source.accepts(nonce, 1301)
    assert not source.accepts(nonce, 999)
    assert not other.accepts(nonce, 1001)
    for wrong in (None, "", "x", "-", nonce + "x", nonce.upper(), "3e8", f"{2000:x}-{nonce.partition('-')[2]}"):
        assert not source.accepts(wrong, 1001)


def test_what_was_used_is_remembered_for_its_lifetime_and_then_forgotten():
    replays = ReplayCache(lifetime=10)
    assert replays.use("a", 0)
    assert not replays.use("a", 9)
    assert not replays.use("a", 10)
    assert replays.use("a", 30)
    assert replays.use("b", 35)
    assert not replays.use("b", 44)


def test_when_nothing_more_can_be_remembered_proofs_are_refused_for_a_while(clock, thief_key, claims):
    dpop = DpopVerifier(replays=ReplayCache(lifetime=70, size=2))
    for _ in range(2):
        dpop.verify(Possession(prove(thief_key, claims()), "GET", URL), now=clock())
    with pytest.raises(TooManyProofsError):
        dpop.verify(Possession(prove(thief_key, claims()), "GET", URL), now=clock())
    clock.advance(140)
    assert dpop.verify(Possession(prove(thief_key, claims()), "GET", URL), now=clock())


def test_errors_of_a_proof_speak_of_the_proof(clock, thief_key, claims):
    proof = prove(thief_key, claims())
    with pytest.raises(InvalidDpopProofError, match="The DPoP proof's signature is wrong"):
        DpopVerifier().verify(Possession(proof[:-4] + "AAAA", "GET", URL), now=clock())
