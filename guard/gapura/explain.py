"""Why was it refused? The checks of a request one by one, passed or not, with what to do about the one that failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial

from gapura.checks import Check
from gapura.errors import BoundTokenError, GuardError
from gapura.requirement import Requirement
from gapura.verified_token import VerifiedToken
from gapura.verifier import Verifier


class Outcome(Enum):
    """How a check went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Step:
    """One check of one request."""

    sentence: str
    outcome: Outcome
    detail: str = ""
    advice: str = ""


def explain(verifier: Verifier, token: str, requirement: Requirement, *, now: float) -> tuple[Step, ...]:
    """Make every check of a token for a route, from the start and without the cache, and note how each went."""
    begun: list[Check] = []
    try:
        verified = verifier.examine(token, now, begun.append)
    except GuardError as error:
        return (*_token_steps(begun, error), *(Step(sentence, Outcome.NOT_REACHED) for sentence, _ in _ROUTE_CHECKS))
    return (*_token_steps(begun, None), *_route_steps(verified, requirement, now))


def _token_steps(begun: list[Check], error: GuardError | None) -> Iterator[Step]:
    for check in Check:
        if check not in begun:
            yield Step(check.sentence, Outcome.NOT_REACHED)
        elif error is not None and check is begun[-1]:
            yield Step(check.sentence, Outcome.FAILED, str(error), check.advice)
        else:
            yield Step(check.sentence, Outcome.PASSED)


def _route_steps(verified: VerifiedToken, requirement: Requirement, now: float) -> Iterator[Step]:
    checks = (
        partial(_check_bearer, verified),
        partial(verified.check_revocation, now, fresh=requirement.fresh),
        partial(requirement.check_scopes, verified.token),
        partial(requirement.check_login, verified.token, now),
    )
    for check, (sentence, advice) in zip(checks, _ROUTE_CHECKS, strict=True):
        try:
            check()
        except GuardError as error:
            yield Step(sentence, Outcome.FAILED, str(error), advice)
        else:
            yield Step(sentence, Outcome.PASSED)


def _check_bearer(verified: VerifiedToken) -> None:
    if verified.thumbprint is not None:
        raise BoundTokenError("The token is bound to a key.")


_ROUTE_CHECKS = (
    ("It may be sent as a Bearer token", "Send it with the scheme DPoP, and a proof made with the client's key."),
    ("It is not revoked", "Log in again; if the lists cannot be fetched, look at the issuer."),
    (
        "It carries the scopes of the route",
        "Ask for these scopes when you log in; the account's roles must allow them.",
    ),
    ("Its login is recent and strong enough", "Log in again with the max_age and acr_values that are asked for."),
)
