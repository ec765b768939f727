"""How clients prove who they are, and everything that is no proof."""

import base64
import datetime as dt
import hashlib
import ipaddress
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gapura.jose import generate_signing_key, sign
from gapura_auth.oauth.assertions import ASSERTION_TYPE, AssertionVerifier
from gapura_auth.oauth.certificates import ClientCertificate, certificate_from
from gapura_auth.oauth.client_authentication import ClientAuthenticator, ClientCredentials
from gapura_auth.oauth.client_documents import client_of
from gapura_auth.oauth.client_keys import ClientKeyStore
from gapura_auth.oauth.clients import ClientSecret
from gapura_auth.oauth.errors import InvalidClient, InvalidRequest
from gapura_auth.oauth.parameters import Parameters

NOW = 1_000_000.0
ISSUER = "https://login.example.com"
TOKEN_ENDPOINT = f"{ISSUER}/oauth/token"
KEY, OTHER_KEY = generate_signing_key("ES256"), generate_signing_key("ES256")
SECRET, OLD_SECRET = "s3cret:with%odd +characters\u00e4", "old secret"


def secrets(*pairs):
    return tuple(ClientSecret(hashlib.sha256(text.encode()).digest(), until) for text, until in pairs)


@dataclass
class Used:
    seen: set = field(default_factory=set)

    def first_use(self, kind, text, expires_at, now):
        assert expires_at > now
        before = (kind, text) in self.seen
        self.seen.add((kind, text))
        return not before


class NoNetwork:
    def send(self, request):
        raise AssertionError(request)


@dataclass
class Clients:
    known: dict

    def find(self, client_id):
        return self.known.get(client_id)


CALLBACK = {"redirect_uris": ["https://app.example.com/callback"]}
KINDS = {
    "public": {"token_endpoint_auth_method": "none"},
    "basic": {"token_endpoint_auth_method": "client_secret_basic"},
    "post": {"token_endpoint_auth_method": "client_secret_post"},
    "key": {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [KEY.public_jwk()]}},
    "fapi": {
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [KEY.public_jwk()]},
        "assertion_audience": "issuer",
        "token_endpoint_auth_signing_alg": "ES256",
    },
    "tls": {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "app.example.com"},
}
BOTH_SECRETS = secrets((SECRET, None), (OLD_SECRET, NOW + 10))


@pytest.fixture
def clients():
    return Clients({name: client_of(name, CALLBACK | members, BOTH_SECRETS) for name, members in KINDS.items()})


@pytest.fixture
def authenticate(clients):
    keys = ClientKeyStore(NoNetwork(), lambda: NOW)
    assertions = AssertionVerifier(ISSUER, frozenset({TOKEN_ENDPOINT}), keys, Used(), lambda: NOW)
    authenticator = ClientAuthenticator(clients, assertions, keys, lambda: NOW)

    def call(authorization=None, certificate=None, **parameters):
        return authenticator.authenticate(
            ClientCredentials(authorization, certificate), Parameters.of(parameters.items())
        ).id

    return call


def basic(client_id="basic", secret=SECRET):
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def assertion(client_id="key", key=KEY, typ="JWT", without=(), **changes):
    claims = {
        "iss": client_id, "sub": client_id, "aud": ISSUER, "jti": "1", "iat": int(NOW), "exp": int(NOW) + 60,
    } | changes  # fmt: skip
    return sign({name: value for name, value in claims.items() if name not in without}, key, typ=typ)


def asserted(text):
    return {"client_assertion": text, "client_assertion_type": ASSERTION_TYPE}


def test_each_method_proves_its_client(authenticate):
    assert authenticate(client_id="public") == "public"
    assert authenticate(basic()) == "basic"
    assert authenticate(basic(), client_id="basic") == "basic"
    assert authenticate(client_id="post", client_secret=SECRET) == "post"
    assert authenticate(**asserted(assertion())) == "key"
    assert authenticate(client_id="fapi", **asserted(assertion("fapi"))) == "fapi"


def test_two_secrets_are_valid_until_the_old_one_expires(clients, authenticate):
    assert authenticate(basic(secret=OLD_SECRET)) == "basic"
    clients.known["basic"] = client_of("basic", CALLBACK, secrets((SECRET, None), (OLD_SECRET, NOW)))
    with pytest.raises(InvalidClient):
        authenticate(basic(secret=OLD_SECRET))
    assert authenticate(basic()) == "basic"


BAD_PROOFS = {
    "wrong secret": {"authorization": basic(secret="wrong")},
    "empty secret": {"authorization": basic(secret="")},
    "unknown client": {"authorization": basic("nobody")},
    "unknown client of a form": {"client_id": "nobody", "client_secret": SECRET},
    "unknown public client": {"client_id": "nobody"},
    "endless client": {"client_id": "x" * 3000},
    "unknown asserted client": asserted(assertion("nobody")),
    "basic for a post client": {"authorization": basic("post")},
    "post for a basic client": {"client_id": "basic", "client_secret": SECRET},
    "secret for a public client": {"authorization": basic("public")},
    "secret for a key client": {"client_id": "key", "client_secret": SECRET},
    "nothing for a basic client": {"client_id": "basic"},
    "nothing for a key client": {"client_id": "key"},
    "nothing for a TLS client": {"client_id": "tls"},
    "assertion for a basic client": asserted(assertion("basic")),
    "assertion for a public client": asserted(assertion("public")),
    "another client beside": {"authorization": basic(), "client_id": "post"},
    "another client beside an assertion": {"client_id": "fapi"} | asserted(assertion()),
    "bearer": {"authorization": "Bearer abc"},
    "no base64": {"authorization": "Basic !!!"},
    "no colon": {"authorization": f"Basic {base64.b64encode(b'basic').decode()}"},
    "no client": {"authorization": f"Basic {base64.b64encode(b':x').decode()}"},
    "no UTF-8": {"authorization": f"Basic {base64.b64encode(bytes([255, 58, 255])).decode()}"},
    "broken percent": {"authorization": f"Basic {base64.b64encode(b'basic:%zz').decode()}"},
    "endless header": {"authorization": f"Basic {'A' * 10_000}"},
    "no assertion": asserted("nonsense"),
    "assertion without subject": asserted(assertion(without=("sub",))),
}


@pytest.mark.parametrize("proof", BAD_PROOFS.values(), ids=BAD_PROOFS)
def test_whatever_is_wrong_the_answer_is_the_same(authenticate, proof):
    with pytest.raises(InvalidClient) as refusal:
        authenticate(**proof)
    assert (refusal.value.description, refusal.value.status) == ("Client authentication failed.", 401)
    challenge = {"WWW-Authenticate": 'Basic realm="gapura"'} if "authorization" in proof else {}
    assert refusal.value.headers == challenge


@pytest.mark.parametrize(
    "request_",
    [
        {"authorization": basic(), "client_id": "basic", "client_secret": SECRET},
        {"authorization": basic()} | asserted(assertion()),
        {"client_id": "key", "client_secret": SECRET} | asserted(assertion()),
        {},
        {"client_secret": SECRET},
        {"client_assertion": assertion()},
        {"client_assertion_type": ASSERTION_TYPE, "client_id": "public"},
        {"client_assertion": assertion(), "client_assertion_type": "urn:other"},
    ],
)
def test_a_request_uses_one_way_and_names_a_client(authenticate, request_):
    with pytest.raises(InvalidRequest):
        authenticate(**request_)


GOOD_ASSERTIONS = {
    "token endpoint": {"aud": TOKEN_ENDPOINT},
    "list": {"aud": [TOKEN_ENDPOINT, ISSUER]},
    "without iat": {"without": ("iat",)},
    "slow clock": {"exp": int(NOW) - 10},
    "fast clock": {"iat": int(NOW) + 20, "nbf": int(NOW) + 20},
    "new type": {"typ": "client-authentication+jwt"},
    "fractions": {"exp": NOW + 0.5},
}


@pytest.mark.parametrize("changes", GOOD_ASSERTIONS.values(), ids=GOOD_ASSERTIONS)
def test_assertions_as_honest_clients_write_them_are_accepted(authenticate, changes):
    assert authenticate(**asserted(assertion(**changes))) == "key"


BAD_ASSERTIONS = {
    "wrong key": {"key": OTHER_KEY},
    "another issuer": {"iss": "fapi"},
    "no issuer": {"without": ("iss",)},
    "meant for somebody else": {"aud": "https://evil.example/token"},
    "meant for somebody else too": {"aud": [ISSUER, "https://evil.example/token"]},
    "meant for a resource": {"aud": f"{ISSUER}/oauth/userinfo"},
    "nearly the issuer": {"aud": f"{ISSUER}/"},
    "prefix of the issuer": {"aud": "https://login.example"},
    "no audience": {"without": ("aud",)},
    "empty audience": {"aud": []},
    "strange audience": {"aud": [["x"]]},
    "many audiences": {"aud": [ISSUER] * 11},
    "expired": {"exp": int(NOW) - 31},
    "no expiry": {"without": ("exp",)},
    "endless": {"exp": int(NOW) + 4000},
    "infinite": {"exp": 10**400},
    "expiry as text": {"exp": "2000000000"},
    "expiry as boolean": {"exp": True},
    "from the future": {"iat": int(NOW) + 31},
    "not yet": {"nbf": int(NOW) + 31},
    "no jti": {"without": ("jti",)},
    "empty jti": {"jti": ""},
    "number as jti": {"jti": 1},
    "endless jti": {"jti": "x" * 257},
    "access token": {"typ": "at+jwt"},
    "DPoP proof": {"typ": "dpop+jwt"},
}


@pytest.mark.parametrize("changes", BAD_ASSERTIONS.values(), ids=BAD_ASSERTIONS)
def test_an_assertion_that_proves_nothing_is_refused(authenticate, changes):
    with pytest.raises(InvalidClient):
        authenticate(client_id="key", **asserted(assertion(**changes)))


@pytest.mark.parametrize("audience", [TOKEN_ENDPOINT, [ISSUER], [ISSUER, TOKEN_ENDPOINT], "https://evil.example"])
def test_under_the_strict_rule_only_the_issuer_as_a_string_is_an_audience(authenticate, audience):
    with pytest.raises(InvalidClient):
        authenticate(**asserted(assertion("fapi", aud=audience)))


def test_an_assertion_is_used_once(authenticate):
    text = assertion(jti="once")
    assert authenticate(**asserted(text)) == "key"
    for again in (text, assertion(jti="once", exp=int(NOW) + 70)):
        with pytest.raises(InvalidClient):
            authenticate(**asserted(again))
    assert authenticate(**asserted(assertion("fapi", jti="once"))) == "fapi"


def test_a_refused_assertion_does_not_use_up_its_identifier(authenticate):
    with pytest.raises(InvalidClient):
        authenticate(**asserted(assertion(key=OTHER_KEY, jti="mine")))
    assert authenticate(**asserted(assertion(jti="mine"))) == "key"


def test_another_algorithm_than_the_registered_one_is_refused(clients, authenticate):
    members = KINDS["key"] | {"token_endpoint_auth_signing_alg": "PS256"}
    clients.known["key"] = client_of("key", CALLBACK | members)
    with pytest.raises(InvalidClient):
        authenticate(**asserted(assertion()))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_unsigned_and_hmac_assertions_are_refused(authenticate, algorithm):
    header, payload, _ = assertion().split(".")
    header = base64.urlsafe_b64encode(f'{{"alg":"{algorithm}","typ":"JWT"}}'.encode()).decode().rstrip("=")
    with pytest.raises(InvalidClient):
        authenticate(**asserted(f"{header}.{payload}."))


# certificates (RFC 8705)


def certificate(subject="CN=app,O=Example,C=ID", names=(), *, verified=True, raw=False):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string(subject)
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
    der = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    return der if raw else ClientCertificate(der, verified)


NAMES = (
    x509.DNSName("App.Example.com"),
    x509.UniformResourceIdentifier("urn:app"),
    x509.RFC822Name("app@example.com"),
    x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
)


@pytest.mark.parametrize(
    ("member", "value", "is_proved"),
    [
        ("subject_dn", "CN=app,O=Example,C=ID", True),
        ("subject_dn", "C=ID,O=Example,CN=app", False),
        ("subject_dn", "CN=app", False),
        ("san_dns", "app.example.com", True),
        ("san_dns", "example.com", False),
        ("san_uri", "urn:app", True),
        ("san_uri", "urn:APP", False),
        ("san_email", "app@example.com", True),
        ("san_ip", "2001:0db8:0::1", True),
        ("san_ip", "2001:db8::2", False),
        ("san_dns", "urn:app", False),
    ],
)
def test_the_certificate_must_carry_the_registered_name(clients, authenticate, member, value, is_proved):
    members = {"token_endpoint_auth_method": "tls_client_auth", f"tls_client_auth_{member}": value}
    clients.known["tls"] = client_of("tls", CALLBACK | members)
    presented = certificate(names=NAMES)
    if is_proved:
        assert authenticate(certificate=presented, client_id="tls") == "tls"
        return
    with pytest.raises(InvalidClient):
        authenticate(certificate=presented, client_id="tls")


def test_a_certificate_without_names_or_with_an_unchecked_chain_proves_nothing(authenticate):
    assert authenticate(certificate=certificate(names=NAMES), client_id="tls") == "tls"
    for bad in (certificate(), certificate(names=NAMES, verified=False), None):
        with pytest.raises(InvalidClient):
            authenticate(certificate=bad, client_id="tls")


def test_a_self_signed_certificate_must_be_a_registered_one(clients, authenticate):
    der = certificate(raw=True)
    other = base64.b64encode(certificate(raw=True)).decode()
    entries = [
        OTHER_KEY.public_jwk(),
        KEY.public_jwk() | {"x5c": [base64.b64encode(der).decode(), other]},
        generate_signing_key("ES256").public_jwk() | {"x5c": ["!!!"]},
    ]
    members = {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": {"keys": entries}}
    clients.known["self"] = client_of("self", CALLBACK | members)
    assert authenticate(certificate=ClientCertificate(der), client_id="self") == "self"
    for bad in (ClientCertificate(base64.b64decode(other)), certificate(), None):
        with pytest.raises(InvalidClient):
            authenticate(certificate=bad, client_id="self")


def test_a_certificate_is_read_in_pem_and_der():
    der = certificate(raw=True)
    pem = x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
    assert certificate_from(pem, chain_verified=True) == ClientCertificate(der, chain_verified=True)
    assert certificate_from(der, chain_verified=False).thumbprint == ClientCertificate(der).thumbprint
    assert len(ClientCertificate(der).thumbprint) == 43
    with pytest.raises(ValueError):  # noqa: PT011 -- any
        certificate_from(b"nonsense", chain_verified=True)


def test_secrets_and_certificates_do_not_show_in_logs():
    assert "s3cret" not in repr(ClientSecret(b"x"))
    assert "der" not in repr(certificate())
