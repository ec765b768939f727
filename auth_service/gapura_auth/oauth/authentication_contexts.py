"""How sure we are of who somebody is: the `acr` values of OpenID Connect Core, section 2, the weakest first.

They are numbers, as in ISO/IEC 29115: one factor, such as a password; two factors of different kinds.
"""

from collections.abc import Collection

ONE_FACTOR = "1"
TWO_FACTORS = "2"
SUPPORTED = (ONE_FACTOR, TWO_FACTORS)
#: what people can reach at present: there is no second factor yet
ATTAINABLE = (ONE_FACTOR,)


def satisfies(present: str | None, wanted: Collection[str]) -> bool:
    """Whether a login of this class is one of those wanted, or a stronger one."""
    if present is None or present not in SUPPORTED:
        return False
    return not set(SUPPORTED[: SUPPORTED.index(present) + 1]).isdisjoint(wanted)


def can_satisfy(attainable: Collection[str], wanted: Collection[str]) -> bool:
    """Whether there is a way to sign in that would do."""
    return any(satisfies(context, wanted) for context in attainable)
