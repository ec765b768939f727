from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bench.credentials import Credentials
from bench.micro.figures import ISSUER, Figure, Scale, figure, times_of, verifier
from gapura import GuardError, Verifier
from gapura.jose import encode_base64url

Garbage = Callable[[str], str]


def measure_refusals(scale: Scale) -> list[Figure]:
    """Measure how soon what is no good token is refused; none of it may take long, or a stranger could slow us down."""
    credentials = Credentials(ISSUER)
    known, good = verifier(credentials), credentials.token("ES256")
    kinds: dict[str, tuple[str, str]] = {
        "refuse-text": ("refused: some text", "nonsense"),
        "refuse-none": ("refused: `alg: none`", _unsigned(good)),
        "refuse-signature": ("refused: a forged signature", _forged(good)),
        "refuse-stranger": ("refused: another issuer", Credentials("https://example.com").token("ES256")),
        "refuse-megabyte": ("refused: a megabyte", f"{good}{'A' * 1_000_000}"),
    }
    return [
        figure(key, title, times_of([partial(_refuse, known, token)] * scale.repetitions))
        for key, (title, token) in kinds.items()
    ]


def _refuse(known: Verifier, token: str) -> None:
    with suppress(GuardError):
        known.verify(token)
        raise AssertionError("A bad token was accepted.")


def _unsigned(token: str) -> str:
    _, payload, _ = token.split(".")
    header = encode_base64url(b'{"alg":"none","typ":"at+jwt"}')
    return f"{header}.{payload}."


def _forged(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
