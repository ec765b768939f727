"""openid-client, the client of most Node.js servers, and what it has for FAPI 2.0."""

import pytest
from joserfc.jwk import ECKey, RSAKey

from tests.clients.programs import run
from tests.clients.registered import CALLBACK, GOODBYE

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("node_packages")]

SCOPE = "openid profile email offline_access"
LOGIN = {"scope": SCOPE, "callback": CALLBACK, "goodbye": GOODBYE}


@pytest.mark.parametrize(("auth", "pushed"), [("client_secret_basic", False), ("client_secret_post", True)])
def test_login_refresh_introspection_revocation_and_logout(operator, person, auth, pushed):
    client = operator.create_for_people("web", "--auth", auth)
    own = {"issuer": client.issuer, "client_id": client.id, "client_secret": client.secret}
    found = run("openid_client.js", person, LOGIN | own | {"auth": auth, "pushed": pushed})
    assert found["person"]["preferred_username"] == "user1"
    assert ("request_uri" in found["parameters"]) is pushed
    assert len(set(found["tokens"])) == 3
    assert found["active"] == [True, False]
    assert found["said_goodbye"]


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_fapi_2_security_profile(operator, system, person, algorithm):
    parameters = {"alg": algorithm, "use": "sig"}
    key = (
        ECKey.generate_key("P-256", parameters, auto_kid=True)
        if algorithm == "ES256"
        else RSAKey.generate_key(2048, parameters, auto_kid=True)
    )
    client = operator.create_for_people(
        "web",
        "--auth",
        "private_key_jwt",
        jwks={"keys": [key.as_dict(private=False)]},
        token_endpoint_auth_signing_alg=algorithm,
        id_token_signed_response_alg="ES256",
        require_pushed_authorization_requests=True,
        dpop_bound_access_tokens=True,
        assertion_audience="issuer",
    )
    own = {"issuer": client.issuer, "client_id": client.id, "algorithm": algorithm, "key": key.as_dict(private=True)}
    found = run("fapi.js", person, LOGIN | own | {"resource": f"{system.users.address}/users"})
    assert sorted(found["parameters"]) == ["client_id", "request_uri"]
    assert found["token_type"] == "dpop"
    assert found["person"]["preferred_username"] == "user1"
    assert found["refusals"] == ["rejected", "rejected"]  # without a proof, and with that of another key
    assert found["resource"] == 200
    assert found["bound"]


def test_a_device_is_allowed_on_another_screen(operator, person):
    client = operator.create("device")
    found = run("device.js", person, {"issuer": client.issuer, "client_id": client.id, "scope": SCOPE})
    assert found["person"]["preferred_username"] == "user1"
    assert person.seen == ["device", "device"]
