"""Tests that share running services stay on one worker, so that each system is started once.

By path, and not by the mark `xdist_group`: with pytest 9.2 pytest-xdist 3.8 passes over it in silence
(pytest-xdist issue 1386).
"""

from xdist.scheduler import LoadGroupScheduling

#: Folder of the tests that speak to running services.
SHARED = "tests/"


class SharedServicesScheduling(LoadGroupScheduling):  # type: ignore[misc] # the package ships no types
    """Gives out tests one by one, and those of the shared folder all to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return SHARED if nodeid.startswith(SHARED) else str(super()._split_scope(nodeid))
