"""The OpenID Foundation's conformance suite in small: clients as it registers them, and what it does with them."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import orjson
from pages_in_a_browser import Browser, Page
from werkzeug.test import TestResponse

from gapura.dpop import token_hash
from gapura.jose import (
    SigningKey,
    encode_base64url,
    generate_signing_key,
    import_key_set,
    parse_compact,
    verify_signature,
)
from gapura_auth.clients.administration import ClientAdministration

ISSUER = "https://login.example"
HOME = "https://www.certification.openid.net/test/a/gapura"
CALLBACK = f"{HOME}/callback"
AFTER_LOGOUT = f"{HOME}/post_logout_redirect"
VERIFIER = "a-code-verifier-of-the-conformance-suite-that-is-long-enough"
PKCE = {
    "code_challenge": encode_base64url(hashlib.sha256(VERIFIER.encode()).digest()),
    "code_challenge_method": "S256",
}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NUMBERS = count()


class _LeftOut:
    """Stands for a member that is taken away; tests are named after it, so it has one name in every process."""

    def __repr__(self):
        return "left out"


DROP = _LeftOut()


@cache
def key_of(algorithm: str, _name: str = "client") -> SigningKey:
    """Return one key for all tests: an RSA key takes long to make."""
    return generate_signing_key(algorithm)


def without_dropped(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not DROP}


def sign(key: SigningKey, claims: Mapping[str, object], **header: object) -> str:
    """Sign anything under any header, as no library would let us."""
    content = without_dropped({"alg": key.algorithm.name, **header})
    signing_input = f"{encode_base64url(orjson.dumps(content))}.{encode_base64url(orjson.dumps(claims))}"
    signature = key.algorithm.signature.sign(signing_input.encode(), key.material)
    return f"{signing_input}.{encode_base64url(signature)}"


def claims_of(token: str) -> dict[str, Any]:
    return _segment(token, 1)


def header_of(token: str) -> dict[str, Any]:
    return _segment(token, 0)


def _segment(token: str, number: int) -> dict[str, Any]:
    text = token.split(".")[number]
    return orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def refused(answer: TestResponse, *errors: str) -> None:
    """Check an error of the token endpoint as the suite does (RFC 6749, section 5.2)."""
    assert answer.status_code in {400, 401}, answer.text
    assert answer.mimetype == "application/json"
    assert answer.json["error"] in errors, answer.text
    assert answer.status_code == 400 or answer.json["error"] == "invalid_client"
    assert set(answer.json) <= {"error", "error_description", "error_uri"}
    assert all(" " <= character <= "~" and character not in '"\\' for character in answer.json["error_description"])
    assert answer.headers["Cache-Control"] == "no-store"


@dataclass
class Response:
    """What arrives at the redirect URI, and which pages somebody saw on the way."""

    members: dict[str, str]
    pages: list[str]
    mode: str

    @property
    def code(self) -> str:
        assert "code" in self.members, self.members
        return self.members["code"]


@dataclass
class RelyingParty:
    """A client of the suite."""

    id: str
    secret: str | None = None
    key: SigningKey | None = None


@dataclass
class Suite:
    """The provider, one browser, and what the suite does."""

    service: Any
    browser: Browser
    response_mode: str | None = None
    clients: dict[str, RelyingParty] = field(default_factory=dict)

    # clients

    def add(self, client_id: str = "client", key: SigningKey | None = None, **members: Any) -> RelyingParty:
        document = {
            "client_name": client_id,
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": "openid profile email address phone offline_access",
            "post_logout_redirect_uris": [AFTER_LOGOUT],
            "require_pkce": False,
            **members,
        }
        administration = ClientAdministration(self.service.database, self.service.clock, lambda: "x", "test")
        _, secret = administration.create(document, client_id)
        return RelyingParty(client_id, secret, key)

    # the browser

    def request(self, party: RelyingParty, **changes: Any) -> dict[str, str]:
        members = {
            "client_id": party.id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "a state",
            "nonce": "a nonce",
            "response_mode": self.response_mode or DROP,
            **changes,
        }
        return without_dropped(members)

    def visit(self, party: RelyingParty, **changes: Any) -> TestResponse:
        return self.browser.get(f"/oauth/authorize?{urlencode(self.request(party, **changes))}")

    def authorize(self, party: RelyingParty, **changes: Any) -> Response:
        return self.complete(self.visit(party, **changes))

    def complete(self, answer: TestResponse) -> Response:
        """Do what a person does on the pages until the browser is back at the client."""
        seen: list[str] = []
        for _ in range(12):
            if answer.status_code == 303:
                location = answer.headers["Location"]
                if not location.startswith("/"):
                    return _arrived(location, seen)
                answer = self.browser.get(location)
                continue
            page = Page.of(answer)
            if page.all("form") and page.action == CALLBACK:
                return Response(page.fields, seen, "form_post")
            answer = self._act(page, seen)
        raise AssertionError("the pages go round in circles")

    def _act(self, page: Page, seen: list[str]) -> TestResponse:
        for action in ("sign_in", "allow", "continue"):
            if action in page.actions:
                seen.append(action)
                return self.browser.sign_in(page) if action == "sign_in" else self.browser.send(page, action)
        raise AssertionError(page.text)

    def error_page(self, answer: TestResponse) -> str:
        """Check that the person is told, and no client is."""
        page = Page.of(answer)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert page.all("form") == []
        return page.text

    # the client's own requests

    def post(self, path: str, form: Mapping[str, Any], **headers: Any) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        return self.service.call("POST", path, data=without_dropped(form), headers=sent)

    def token(self, party: RelyingParty, **form: Any) -> TestResponse:
        pair = f"{quote(party.id)}:{quote(party.secret or '')}"
        return self.post("/oauth/token", form, Authorization=f"Basic {base64.b64encode(pair.encode()).decode()}")

    def exchange(self, party: RelyingParty, code: str, **form: Any) -> TestResponse:
        return self.token(party, **{"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **form})

    def refresh(self, party: RelyingParty, token: str) -> TestResponse:
        return self.token(party, grant_type="refresh_token", refresh_token=token)

    def tokens(self, party: RelyingParty, **changes: Any) -> dict[str, Any]:
        """Go through a whole login, and check what the suite checks in every one."""
        response = self.authorize(party, **changes)
        assert response.members["state"] == "a state"
        assert response.members["iss"] == ISSUER
        answer = self.exchange(party, response.code)
        assert answer.status_code == 200, answer.text
        tokens = answer.json
        assert (tokens["token_type"], answer.headers["Cache-Control"]) == ("Bearer", "no-store")
        assert tokens["expires_in"] > 0
        self.check_id_token(tokens["id_token"], party, nonce=changes.get("nonce", "a nonce"))
        return tokens

    def userinfo(self, token: str) -> dict[str, Any]:
        answer = self.service.get("/oauth/userinfo", token)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
        return answer.json

    def metadata(self) -> dict[str, Any]:
        return self.service.get("/.well-known/openid-configuration").json

    def check_id_token(self, text: str, party: RelyingParty, *, nonce: object = "a nonce") -> dict[str, Any]:
        jws, claims = parse_compact(text), claims_of(text)
        keys = import_key_set(self.service.get("/.well-known/jwks.json").json)
        verify_signature(jws, next(key for key in keys if key.kid == jws.header.kid))
        now = self.service.clock()
        assert (claims["iss"], claims["aud"], claims["azp"]) == (ISSUER, party.id, party.id)
        assert claims["iat"] <= now < claims["exp"]
        assert 0 < len(claims["sub"]) <= 255
        assert claims.get("nonce", DROP) == nonce
        return claims


def _arrived(location: str, seen: list[str]) -> Response:
    assert location.startswith(f"{CALLBACK}?"), location
    assert "#" not in location
    return Response(dict(parse_qsl(urlsplit(location).query, strict_parsing=True)), seen, "query")


@dataclass
class FapiSuite(Suite):
    """The same with PAR, DPoP and `private_key_jwt`."""

    dpop_key: SigningKey = field(default_factory=lambda: key_of("PS256", "dpop"))
    nonce: str | None = None

    def add_fapi(self, client_id: str = "client", algorithm: str = "PS256", **members: Any) -> RelyingParty:
        key = key_of(algorithm, client_id)
        jwk = {**key.public_jwk(), "kid": client_id, "alg": algorithm, "use": "sig"}
        document = {
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [jwk]},
            "id_token_signed_response_alg": "ES256",
            "require_pkce": True,
            "require_pushed_authorization_requests": True,
            "dpop_bound_access_tokens": True,
            "assertion_audience": "issuer",
        }
        return self.add(client_id, key, **document | members)

    def assertion(self, party: RelyingParty, algorithm: str | None = None, **changes: Any) -> dict[str, str]:
        now = int(self.service.clock())
        claims = {
            "iss": party.id,
            "sub": party.id,
            "aud": ISSUER,
            "jti": f"assertion-{next(NUMBERS)}",
            "iat": now,
            "exp": now + 60,
            **changes,
        }
        assert party.key is not None
        header = {"alg": algorithm} if algorithm else {}
        text = sign(party.key, without_dropped(claims), kid=party.id, **header)
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text}

    def proof(self, path: str, method: str = "POST", token: str | None = None, **changes: Any) -> str:
        """Return a DPoP proof; names that begin with `header_` change its header."""
        key = changes.pop("key", self.dpop_key)
        public = {name: value for name, value in key.public_jwk().items() if name in {"kty", "crv", "x", "y", "n", "e"}}
        header = {"typ": "dpop+jwt", "jwk": public}
        header |= {name[7:]: changes.pop(name) for name in list(changes) if name.startswith("header_")}
        claims = {
            "jti": f"proof-{next(NUMBERS)}",
            "htm": method,
            "htu": f"{ISSUER}{path}",
            "iat": int(self.service.clock()),
            "nonce": self.nonce or DROP,
            "ath": token_hash(token) if token else DROP,
            **changes,
        }
        return sign(key, without_dropped(claims), **header)

    def push(self, party: RelyingParty, *, assertion: Any = None, dpop: str | None = None, **changes: Any):
        form = {**PKCE, **self.request(party), **changes, **(assertion or self.assertion(party))}
        return self.post("/oauth/par", form, DPoP=dpop)

    def pushed(self, party: RelyingParty, **changes: Any) -> str:
        answer = self.push(party, **changes)
        assert (answer.status_code, answer.mimetype) == (201, "application/json"), answer.text
        assert 5 <= answer.json["expires_in"] <= 600
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.json["request_uri"]

    def visit_pushed(self, party: RelyingParty, request_uri: str) -> TestResponse:
        """Send only what section 5 of RFC 9101 wants to see."""
        query = urlencode({"client_id": party.id, "request_uri": request_uri})
        return self.browser.get(f"/oauth/authorize?{query}")

    def code(self, party: RelyingParty, **changes: Any) -> str:
        response = self.complete(self.visit_pushed(party, self.pushed(party, **changes)))
        assert response.members["iss"] == ISSUER
        assert len(response.code) >= 22
        return response.code

    def fapi_token(self, party: RelyingParty, *, assertion: Any = None, dpop: Any = None, **form: Any) -> TestResponse:
        """Call the token endpoint as the suite does: with a new proof, but the same assertion, where a nonce is due."""
        proved = {**form, **(self.assertion(party) if assertion is None else assertion)}
        answer = self.post("/oauth/token", proved, DPoP=self.proof("/oauth/token") if dpop is None else dpop or None)
        if answer.json.get("error") == "use_dpop_nonce":
            self.nonce = answer.headers["DPoP-Nonce"]
            answer = self.post("/oauth/token", proved, DPoP=self.proof("/oauth/token"))
        self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
        return answer

    def fapi_exchange(self, party: RelyingParty, code: str, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return self.fapi_token(party, **form)

    def fapi_tokens(self, party: RelyingParty, **changes: Any) -> dict[str, Any]:
        answer = self.fapi_exchange(party, self.code(party, **changes))
        assert answer.status_code == 200, answer.text
        assert answer.json["token_type"] == "DPoP"
        return answer.json

    def resource(self, token: str, *proofs: str, scheme: str = "DPoP") -> TestResponse:
        headers = [("Authorization", f"{scheme} {token}"), *(("DPoP", proof) for proof in proofs)]
        return self.service.app.test_client().get("/oauth/userinfo", headers=headers)
