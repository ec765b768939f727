"""The protocol: what tokens say, when a refresh is good, as decisions over frozen values and small ports.

Requests come in as values, answers go out as values. This room knows neither Flask nor SQL, neither pages nor
passwords: it imports nothing of `web`, `store` and `accounts`. What it needs (time, keys, rows) it is given.
"""
