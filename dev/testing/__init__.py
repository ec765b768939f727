"""What the root conftest.py stands on: one PostgreSQL server for all workers, no quiet skips in CI, and counts."""
