"""Whom a hint names: nobody, unless it is an ID token of ours for this client."""

import orjson
import pytest

from gapura.jose import encode_base64url, generate_signing_key, import_key, sign
from gapura_auth.oauth.clients import Client, ClientPresentation
from gapura_auth.oauth.id_token_hints import IdTokenHints
from gapura_auth.oauth.vocabulary import ClientAuthentication

ISSUER = "https://login.example.com"
KEY, OTHER_KEY = generate_signing_key("ES256"), generate_signing_key("ES256")
CLIENT = Client(id="c", presentation=ClientPresentation("C"), authentication=ClientAuthentication.NONE)
CLAIMS = {"iss": ISSUER, "aud": "c", "sub": "ani", "exp": 1}


class Ring:
    def find(self, kid):
        return import_key(KEY.public_jwk()) if kid == KEY.kid else None


def subject_of(text):
    return IdTokenHints(ISSUER, Ring()).subject_of(text, CLIENT)


@pytest.mark.parametrize("audience", ["c", ["c"], ["d", "c"]])
def test_an_id_token_names_its_subject_also_after_it_has_expired(audience):
    assert subject_of(sign({**CLAIMS, "aud": audience}, KEY, typ="JWT")) == "ani"


@pytest.mark.parametrize(
    "hint",
    [
        sign({**CLAIMS, "aud": "d"}, KEY, typ="JWT"),
        sign({**CLAIMS, "iss": "https://evil.example"}, KEY, typ="JWT"),
        sign({**CLAIMS, "sub": 1}, KEY, typ="JWT"),
        sign(CLAIMS, KEY, typ="at+jwt"),
        sign(CLAIMS, OTHER_KEY, typ="JWT"),
        ".".join([encode_base64url(b'{"alg": "none"}'), encode_base64url(orjson.dumps(CLAIMS)), ""]),
        sign(CLAIMS, KEY, typ="JWT")[:-2] + "AA",
        "garbage",
        "",
    ],
)
def test_anything_else_names_nobody(hint):
    assert subject_of(hint) is None
