"""Clients as the service keeps them: found quickly, created, changed and deleted, each in one transaction.

`oauth` says what a registration may contain and `store` keeps it; here the two meet.
"""
