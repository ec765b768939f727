"""The counters of the login throttle. Taking an attempt is one statement: parallel guesses are counted exactly."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, case, delete, literal, select, update

from gapura_auth.accounts.throttle import Allowance
from gapura_auth.store.tables import login_throttle as buckets
from gapura_chassis.clock import Timestamp
from gapura_chassis.upsert import insert_into


def blocked_until(connection: Connection, bucket: str) -> Timestamp:
    """Return when the bucket's next attempt is allowed; 0 when it is now."""
    return connection.execute(select(buckets.c.blocked_until).where(buckets.c.bucket == bucket)).scalar() or 0.0


def failures_in(connection: Connection, bucket: str, allowance: Allowance, now: Timestamp) -> int:
    """Return how many attempts are counted at present."""
    query = select(buckets.c.failures).where(
        buckets.c.bucket == bucket, buckets.c.touched_at > now - allowance.forget_after
    )
    return connection.execute(query).scalar() or 0


def take_attempt(connection: Connection, bucket: str, allowance: Allowance, now: Timestamp) -> bool:
    """Count an attempt as if it had failed; False, and nothing counted, while the bucket is blocked."""
    first = insert_into(buckets, connection.dialect.name).values(
        bucket=bucket, failures=1, blocked_until=now + _wait(allowance, literal(1)), touched_at=now
    )
    forgotten = buckets.c.touched_at <= now - allowance.forget_after
    failures = case((forgotten, 1), else_=buckets.c.failures + 1)
    statement = first.on_conflict_do_update(
        index_elements=[buckets.c.bucket],
        set_={"failures": failures, "blocked_until": now + _wait(allowance, failures), "touched_at": now},
        where=buckets.c.blocked_until <= now,
    )
    return connection.execute(statement.returning(buckets.c.failures)).first() is not None


def give_back(connection: Connection, names: Sequence[str]) -> None:
    """Take the attempt of a successful login out of these buckets again."""
    counted = buckets.c.bucket.in_(names) & (buckets.c.failures > 0)
    connection.execute(update(buckets).where(counted).values(failures=buckets.c.failures - 1))


def forget(connection: Connection, bucket: str) -> None:
    """Empty a bucket."""
    connection.execute(delete(buckets).where(buckets.c.bucket == bucket))


def purge_before(connection: Connection, then: Timestamp) -> int:
    """Delete buckets that were not touched since; returns how many."""
    return connection.execute(delete(buckets).where(buckets.c.touched_at < then)).rowcount


def _wait(allowance: Allowance, failures: ColumnElement[int]) -> ColumnElement[float]:
    steps = [(failures >= count, literal(float(wait))) for count, wait in reversed(allowance.waits())]
    return case(*steps, else_=literal(0.0))
