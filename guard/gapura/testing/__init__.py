"""For the tests of a guarded Flask application: users without an auth service, and attackers without mercy.

    from gapura.testing import as_user, zoo_test

    def test_a_clerk_may_add_a_product(app):
        client = as_user(app, "ani", scopes=["products:write"])      # no network, no login
        assert client.post("/products", json={"name": "Laptop"}).status_code == 201

    test_no_attack_gets_in = zoo_test("GET /products")               # every attack of the token zoo, one test each

Both need a fixture or a variable `app`; with the pytest plugin (installed along) `as_user` is a fixture as well:
`as_user("ani", scopes=[...])`. A `PretendIssuer` stands in for the real one in the application under test only: its
keys are made in memory, and every other check is the real one.
"""

from gapura.testing.issuer import PretendIssuer, as_user, pretend_issuer
from gapura.testing.zoo import ZOO, Attack, zoo_test

__all__ = ["ZOO", "Attack", "PretendIssuer", "as_user", "pretend_issuer", "zoo_test"]
