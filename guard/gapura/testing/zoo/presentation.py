"""The token may be good: it is the way it is sent that must not work."""

from collections.abc import Callable

from gapura.testing.zoo.attack import Attack
from gapura.testing.zoo.forger import Forger

_RFC_6750 = "RFC 6750 section 2.1"


def _sent(name: str, make: Callable[[Forger], str], reference: str = _RFC_6750) -> Attack:
    return Attack(name, reference, make, whole_header=True)


ATTACKS = (
    _sent("nothing-at-all", lambda _: ""),
    _sent("scheme-alone", lambda _: "Bearer"),
    _sent("token-without-scheme", lambda forger: forger.good()),
    _sent("another-scheme", lambda forger: f"Token {forger.good()}"),
    _sent("basic-with-the-token-as-password", lambda _: "Basic dTpw"),
    _sent("two-tokens", lambda forger: f"Bearer {forger.good()} {forger.good()}"),
    _sent("two-tokens-with-a-comma", lambda forger: f"Bearer {forger.good()}, Bearer {forger.good()}"),
    _sent("token-in-quotes", lambda forger: f'Bearer "{forger.good()}"'),
    _sent("token-as-a-parameter", lambda forger: f"Bearer token={forger.good()}"),
    _sent("dpop-without-a-proof", lambda forger: f"DPoP {forger.good()}", "RFC 9449 section 7.1"),
)
