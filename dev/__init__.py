"""What a developer's machine needs, and nothing that a deployed service does.

`python -m dev.run` starts the three services (`launcher/`), `python -m dev.test` runs all tests: it has PostgreSQL
(`postgres/`) and newman (`newman.py`) at hand. Nothing in here may be imported by a room's own package.
"""
