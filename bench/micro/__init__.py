"""What happens inside one process, without a server: the price of one step, and how it grows.

Every module offers functions that take a `Scale` and return `Figure`s; `measure_all` collects them.
"""

from bench.micro.figures import Figure, Scale
from bench.micro.growth import measure_growth
from bench.micro.refusals import measure_refusals
from bench.micro.verification import measure_verification

__all__ = ["Figure", "Scale", "measure_all"]


def measure_all(scale: Scale) -> list[Figure]:
    """Measure everything of this package."""
    return [*measure_verification(scale), *measure_refusals(scale), *measure_growth(scale)]
