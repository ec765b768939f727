"""In CI nothing is skipped in silence: a test that could not run has not passed."""

from collections.abc import Mapping
from typing import TypeVar

from pytest import CollectReport, TestReport  # noqa: PT013 -- only types

Report = TypeVar("Report", TestReport, CollectReport)


def is_strict(environ: Mapping[str, str]) -> bool:
    """Whether skips are failures: CI=true."""
    return environ.get("CI") == "true"


def skip_is_failure(report: Report) -> Report:
    """Turn a skip into a failure that gives the reason of the skip; an expected failure stays what it is."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"With CI=true no test may be skipped. {_reason(report.longrepr)}"
    return report


def _reason(skip: object) -> str:
    return str(skip[2]) if isinstance(skip, tuple) else str(skip)
