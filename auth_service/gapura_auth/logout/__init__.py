"""Logging out: of a browser, and of every client that somebody went on to from it.

`browser_logout` carries a request to log out from its arrival to its end. Whatever ends a session writes, in the same
transaction, a row for its client; `delivery` brings these rows to the clients, and `background` does so by itself.
"""
