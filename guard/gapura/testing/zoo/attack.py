from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from gapura.testing.issuer import pretend_issuer
from gapura.testing.zoo.forger import Forger

REFUSED = {400, 401}


@dataclass(frozen=True, slots=True)
class Attack:
    """One way to get in without being allowed to.

    `make` gives the token; `header` gives the whole Authorization header in the attacks that are about it.
    """

    name: str
    reference: str
    make: Callable[[Forger], str]
    whole_header: bool = False

    def header(self, forger: Forger) -> str:
        """Give the Authorization header of the attack."""
        made = self.make(forger)
        return made if self.whole_header else f"Bearer {made}"

    def must_be_refused(self, app: Flask, route: str) -> None:
        """Run the attack against a protected route such as "GET /products", and fail with AssertionError if it works.

        The route is also asked with a good token first: if that is refused as well, nothing would be proved.
        """
        method, _, path = route.partition(" ")
        issuer = pretend_issuer(app)
        good = app.test_client().open(path, method=method, headers=issuer.headers())
        _expect(good.status_code not in REFUSED, f"{route} refuses a good token too ({good.status}): choose another.")
        answer = app.test_client().open(path, method=method, headers={"Authorization": self.header(Forger(issuer))})
        _expect(answer.status_code in REFUSED, f"{self.name} ({self.reference}) was answered with {answer.status}.")
        _expect("WWW-Authenticate" in answer.headers, f"{self.name}: the refusal has no WWW-Authenticate.")


def zoo_test(route: str) -> Callable[[Attack, Flask], None]:
    """Make a pytest function that runs every attack of the zoo against a route, with the project's fixture `app`."""
    import pytest  # noqa: PLC0415 - only tests have it

    from gapura.testing.zoo.catalogue import ZOO  # noqa: PLC0415 - the catalogue needs this module

    @pytest.mark.parametrize("attack", ZOO, ids=lambda attack: attack.name)
    def test_attack(attack: Attack, app: Flask) -> None:
        attack.must_be_refused(app, route)

    return test_attack


def _expect(condition: bool, message: str) -> None:  # noqa: FBT001 - it reads as an assertion
    if not condition:
        raise AssertionError(message)
