"""The token endpoint as a client meets it: over HTTP, with codes that are issued without the pages before them."""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from werkzeug.test import TestResponse

from gapura.dpop import token_hash
from gapura.jose import SigningKey, encode_base64url, generate_signing_key
from gapura_auth.oauth.authorization_codes import AuthorizedSession, CodeBinding, issue_code
from gapura_auth.oauth.clients import Client, ClientPresentation, ClientSecret
from gapura_auth.oauth.granted_authorization import GrantedAuthorization
from gapura_auth.oauth.grants import LoginEvent
from gapura_auth.oauth.vocabulary import ClientAuthentication, GrantType
from gapura_auth.store.authorization_codes import SqlAuthorizationCodes
from gapura_auth.store.clients import StoredClient, insert_client

SECRET = "correct horse battery staple"
CALLBACK = "https://app.example/callback"
VERIFIER = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQR"
CHALLENGE = encode_base64url(hashlib.sha256(VERIFIER.encode()).digest())
SCOPES = frozenset({"openid", "profile", "email", "account", "offline_access"})
ALL_GRANTS = frozenset(GrantType)
PUBLIC_GRANTS = frozenset({GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN, GrantType.DEVICE_CODE})
NUMBERS = count()


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def header_of(token: str) -> dict[str, Any]:
    header = token.split(".", maxsplit=1)[0]
    return orjson.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))


@dataclass
class Prover:
    """A client's DPoP key."""

    clock: Any
    key: SigningKey = field(default_factory=lambda: generate_signing_key("ES256"))
    nonce: str | None = None

    @property
    def thumbprint(self) -> str:
        return self.key.verification_key.thumbprint

    def proof(self, url: str, method: str = "POST", token: str | None = None, **claims: object) -> str:
        public = {name: value for name, value in self.key.public_jwk().items() if name in {"kty", "crv", "x", "y"}}
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public}
        content: dict[str, object] = {
            "jti": f"proof-{next(NUMBERS)}",
            "htm": method,
            "htu": url,
            "iat": int(self.clock()),
            "nonce": self.nonce,
            "ath": token_hash(token) if token else None,
            **claims,
        }
        content = {name: value for name, value in content.items() if value is not None}
        signing_input = f"{encode_base64url(orjson.dumps(header))}.{encode_base64url(orjson.dumps(content))}"
        signature = self.key.algorithm.signature.sign(signing_input.encode(), self.key.material)
        return f"{signing_input}.{encode_base64url(signature)}"


@dataclass
class Provider:
    """The service, with clients to call it."""

    service: Any
    verifier: str = VERIFIER

    @property
    def issuer(self) -> str:
        return self.service.settings.issuer

    @property
    def token_address(self) -> str:
        return f"{self.issuer}/oauth/token"

    def add(self, client_id: str = "app", **changes: Any) -> Client:
        client = Client(
            id=client_id,
            presentation=ClientPresentation(client_id),
            authentication=ClientAuthentication.SECRET_POST,
            redirect_uris=(CALLBACK,),
            grant_types=ALL_GRANTS,
            scopes=SCOPES,
            secrets=(ClientSecret(hashlib.sha256(SECRET.encode()).digest()),),
        )
        client = replace(client, **changes)
        if client.is_public:
            client = replace(client, secrets=())
        with self.service.database.write() as connection:
            insert_client(connection, StoredClient(client=client, created_at=self.service.clock()))
        return client

    def public(self, client_id: str = "spa", **changes: Any) -> Client:
        return self.add(
            client_id, **{"authentication": ClientAuthentication.NONE, "grant_types": PUBLIC_GRANTS} | changes
        )

    def person(self, username: str = "ani") -> str:
        found = self.service.rows("SELECT id FROM accounts WHERE username = :name", name=username)
        if not found:
            return self.service.register(username).json["id"]
        return found[0].id

    def code(self, client: Client, bound: CodeBinding | None = None, **granted: Any) -> str:
        """Issue a code as the pages would, for a request with PKCE."""
        clock = self.service.clock
        values = {
            "scopes": SCOPES,
            "login": LoginEvent(clock() - 5, amr=("pwd",), acr="urn:x"),
            "nonce": "n-1",
        } | granted
        session = AuthorizedSession(
            id=f"session-{next(NUMBERS)}",
            account_id=self.person(),
            client_id=client.id,
            browser_session_id=None,
            granted=GrantedAuthorization(**values),
            address="",
            user_agent="",
            expires_at=clock() + 86_400,
        )
        bound = bound or CodeBinding(redirect_uri=CALLBACK, code_challenge=CHALLENGE)
        with self.service.database.write() as connection:
            return issue_code(SqlAuthorizationCodes(connection), session, bound, clock())

    def post(self, path: str, client: Client, headers: Any = None, **form: Any) -> TestResponse:
        form = {name: value for name, value in form.items() if value is not None}
        form = {"client_id": client.id} | ({} if client.is_public else {"client_secret": SECRET}) | form
        return self.service.call("POST", path, data=form, headers=headers or {})

    def token(self, client: Client, grant_type: str, headers: Any = None, **form: Any) -> TestResponse:
        return self.post("/oauth/token", client, headers, grant_type=grant_type, **form)

    def exchange(self, client: Client, code: str, headers: Any = None, **changes: Any) -> TestResponse:
        form = {"code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER} | changes
        return self.token(client, "authorization_code", headers, **form)

    def tokens(self, client: Client, **granted: Any) -> dict[str, Any]:
        answer = self.exchange(client, self.code(client, **granted))
        assert answer.status_code == 200, answer.text
        return answer.json

    def refresh(self, client: Client, refresh_token: str, headers: Any = None, **form: Any) -> TestResponse:
        return self.token(client, "refresh_token", headers, refresh_token=refresh_token, **form)

    def userinfo(self, token: str, **options: Any) -> TestResponse:
        return self.service.get("/oauth/userinfo", token, **options)

    def prover(self) -> Prover:
        """Return a key whose holder has asked for a nonce already."""
        prover = Prover(self.service.clock)
        client = self.add(f"prober-{next(NUMBERS)}")
        proof = {"DPoP": prover.proof(self.token_address)}
        answer = self.token(client, "client_credentials", proof)
        assert (answer.status_code, answer.json["error"]) == (400, "use_dpop_nonce")
        prover.nonce = answer.headers["DPoP-Nonce"]
        return prover


def new_certificate() -> str:
    """Return a self-signed certificate as a proxy passes it on: base64 of DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    today = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = builder.not_valid_before(today).not_valid_after(today + timedelta(days=999)).sign(key, SHA256())
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


@pytest.fixture(scope="session")
def certificates() -> tuple[str, str]:
    return new_certificate(), new_certificate()


@pytest.fixture
def challenge() -> str:
    return CHALLENGE


@pytest.fixture
def provider(service) -> Provider:
    return Provider(service)


@pytest.fixture
def provider_on_both(service_on_both) -> Provider:
    return Provider(service_on_both)
