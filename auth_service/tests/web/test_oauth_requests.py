"""How requests to the protocol's endpoints are read."""

import base64
import datetime as dt
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, request

from gapura_auth.oauth.errors import InvalidRequest
from gapura_auth.web.certificate_headers import CertificateHeaders, TrustedCertificates
from gapura_auth.web.oauth_errors import register_oauth_errors
from gapura_auth.web.oauth_requests import read_bearer, read_client_request, read_query
from gapura_chassis.settings import ConfigurationError

PROXY, STRANGER = "10.0.0.9", "203.0.113.7"
HEADERS = CertificateHeaders("X-Client-Cert", "X-Client-Verify")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app():
    app = Flask("test")
    register_oauth_errors(app)
    app.seen = []

    @app.post("/oauth/token")
    def token():
        app.seen.append(read_client_request(request))
        return ""

    from ipaddress import ip_network  # noqa: PLC0415 -- beside its only use

    app.wsgi_app = TrustedCertificates(app.wsgi_app, [ip_network("10.0.0.0/8")], HEADERS)
    return app


def send(app, body="grant_type=x", peer=PROXY, content_type=FORM, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().post(
        "/oauth/token", data=body, content_type=content_type, headers=named, environ_base={"REMOTE_ADDR": peer}
    )


def test_a_form_becomes_parameters_with_what_stands_beside_it(app):
    body = "grant_type=a&empty=&resource=x&resource=y&text=a%20b%2Bc+d"
    assert send(app, body, Authorization="Basic abc", DPoP="one").status_code == 200
    seen = app.seen[0]
    assert seen.parameters.require("grant_type") == "a"
    assert "empty" not in seen.parameters
    assert seen.parameters.all("resource") == ("x", "y")
    assert seen.parameters.get("text") == "a b+c d"
    assert (seen.credentials.authorization, seen.dpop_proofs) == ("Basic abc", ("one",))
    assert (seen.method, seen.path) == ("POST", "/oauth/token")
    assert seen.credentials.certificate is None


def test_several_proofs_are_seen_as_several(app):
    send(app, DPoP="one, two")
    assert app.seen[0].dpop_proofs == ("one", "two")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("a=b", "text/plain"),
        ('{"a": "b"}', "application/json"),
        ("a=b", ""),
        ("a=1&a=2", FORM),
        ("a=%ff", FORM),
        (b"a=\xff", FORM),
        ("&".join(f"a{number}=1" for number in range(101)), FORM),
        (f"a={'x' * 40_000}", FORM),
    ],
)
def test_what_is_no_form_is_refused_in_the_shape_of_the_protocol(app, body, content_type):
    answer = send(app, body, content_type=content_type)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"


def test_parameters_in_the_address_do_not_count_in_a_form(app):
    app.test_client().post("/oauth/token?client_secret=x", data="a=b", content_type=FORM)
    assert "client_secret" not in app.seen[0].parameters


def test_a_query_is_read_under_the_same_rules(app):
    with app.test_request_context("/?a=1&b="):
        assert read_query(request).values == {"a": ("1",)}
    with app.test_request_context("/?a=1&a=2"), pytest.raises(InvalidRequest):
        read_query(request)


@pytest.mark.parametrize(
    ("header", "token"), [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", None), ("", None)]
)
def test_a_bearer_token_is_read(app, header, token):
    with app.test_request_context("/", headers={"Authorization": header}):
        assert read_bearer(request) == token


# certificates


@pytest.fixture(scope="module")
def pem() -> bytes:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=app")
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def spellings(pem):
    der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    text = base64.b64encode(der).decode()
    return {
        "RFC 9440": f":{text}:",
        "nginx": quote(pem.decode()),
        "nginx, all": quote(pem.decode(), safe=""),
        "base64": text,
    }


@pytest.mark.parametrize("spelling", ["RFC 9440", "nginx", "nginx, all", "base64"])
def test_a_trusted_proxy_passes_a_certificate_on(app, pem, spelling):
    send(app, X_Client_Cert=spellings(pem)[spelling], X_Client_Verify="SUCCESS")
    certificate = app.seen[0].credentials.certificate
    assert certificate.chain_verified
    assert x509.load_der_x509_certificate(certificate.der) == x509.load_pem_x509_certificate(pem)


@pytest.mark.parametrize("verdict", ["", "NONE", "FAILED:self-signed certificate"])
def test_a_chain_is_verified_only_where_the_proxy_says_so(app, pem, verdict):
    send(app, X_Client_Cert=spellings(pem)["RFC 9440"], X_Client_Verify=verdict)
    assert not app.seen[0].credentials.certificate.chain_verified


@pytest.mark.parametrize("peer", [STRANGER, "", "unix:"])
def test_from_anybody_else_a_certificate_is_an_invention(app, pem, peer):
    send(app, peer=peer, X_Client_Cert=spellings(pem)["RFC 9440"], X_Client_Verify="SUCCESS", X_Forwarded_For=PROXY)
    assert app.seen[0].credentials.certificate is None


def test_the_proxys_address_is_seen_before_it_is_rewritten(open_service, sqlite_url):
    proxies = {"trusted_proxies": "10.0.0.0/8", "certificate_header": "X-Client-Cert"}
    service = open_service(sqlite_url, **proxies)
    assert isinstance(service.app.wsgi_app, TrustedCertificates)


@pytest.mark.parametrize("text", ["nonsense", ":!:", "-----BEGIN CERTIFICATE-----", "%2D%2D", "QUJD"])
def test_a_certificate_that_cannot_be_read_is_refused(app, text):
    answer = send(app, X_Client_Cert=text)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_a_certificate_header_needs_proxies_to_trust(open_service, sqlite_url):
    with pytest.raises((ConfigurationError, ValueError), match="GAPURA_TRUSTED_PROXIES"):
        open_service(sqlite_url, certificate_header="X-Client-Cert")
