"""oauth4webapi, which checks every answer as strictly as the RFCs allow."""

import pytest
from joserfc.jwk import ECKey

from tests.clients.programs import run
from tests.clients.registered import CALLBACK

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("node_packages")]


def test_a_public_client_with_dpop_and_a_machine_with_a_key(operator, person):
    client = operator.create_for_people("native")
    key = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
    machine = operator.create(
        "machine",
        "--scope",
        "products:read",
        "--auth",
        "private_key_jwt",
        jwks={"keys": [key.as_dict(private=False)]},
    )
    settings = {
        "issuer": client.issuer,
        "client_id": client.id,
        "callback": CALLBACK,
        "scope": "openid profile offline_access",
        "machine_id": machine.id,
        "key": key.as_dict(private=True),
    }
    found = run("oauth4webapi.js", person, settings)
    assert found["same_metadata"]
    assert found["nonces"] >= 1
    assert found["token_type"] == "dpop"
    assert found["person"]["preferred_username"] == "user1"
    assert found["refused"] == "invalid_grant"
    assert found["machine"] == ["bearer", "products:read"]
