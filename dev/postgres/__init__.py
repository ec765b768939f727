"""A PostgreSQL server for the tests: made in a temporary folder, gone with the process that started it.

`binaries` finds the programs of a server, `account` says as whom they run (PostgreSQL refuses root), `server` starts
and stops one, `databases` makes a fresh database in a few milliseconds and drops it. Fast beats safe here: nothing is
flushed to disk, whoever reaches the socket is let in. Nothing of this is for data that anybody wants to keep.
"""
