class NoPostgres(Exception):
    """A PostgreSQL server cannot be had on this machine; the text says why."""
