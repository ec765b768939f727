"""What time the database server believes it is."""

from sqlalchemy import Connection, func, select

from gapura_chassis.clock import Timestamp


def server_time(connection: Connection) -> Timestamp:
    """Return the time of a PostgreSQL server."""
    return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
