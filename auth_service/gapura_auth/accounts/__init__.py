"""People: how an account comes to be, how it proves itself, what its owner and an administrator can do with it.

Each module is one thing that happens to an account, as a small class over the database, the clock and the rules of
`credentials`. What belongs together happens in one transaction, its line in the audit log included. The room knows no
HTTP: it takes values, and refuses with the errors of `errors`.
"""
