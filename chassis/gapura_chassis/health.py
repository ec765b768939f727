"""`/livez`: the process runs. `/readyz`: it can do its work. Supervisors ask the first, load balancers the second."""

from collections.abc import Callable, Mapping

import orjson
import structlog
from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from gapura_chassis.database import Database
from gapura_chassis.errors import error_response

#: A named check: returns what an operator should see, and raises if the service cannot work.
Check = Callable[[], object]


log = structlog.get_logger("gapura.health")


class NotReady(Exception):
    """Raised by a check when the service cannot do its work; the text says why."""


def database_check(database: Database) -> Check:
    """Return the check that the database answers."""

    def check() -> object:
        try:
            database.ping()
        except SQLAlchemyError as error:
            message = "The database does not answer."
            raise NotReady(message) from error
        return "ok"

    return check


def liveness() -> Response:
    """Answer that the process runs."""
    return _json({"status": "alive"})


def readiness(checks: Mapping[str, Check]) -> Response:
    """Answer whether every check passes: 200, or 503 with the first reason and all findings."""
    findings: dict[str, object] = {}
    reasons: list[str] = []
    for name, check in checks.items():
        try:
            findings[name] = check()
        except NotReady as error:
            findings[name] = str(error)
            reasons.append(str(error))
        except Exception:
            log.exception("readiness check failed", check=name)
            findings[name] = "The check failed; the log has the details."
            reasons.append(f"The check of {name} failed.")
    if reasons:
        return error_response(503, reasons[0], headers={"Retry-After": "1"}, extra={"checks": findings})
    return _json({"status": "ready", "checks": findings})


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), content_type="application/json")
