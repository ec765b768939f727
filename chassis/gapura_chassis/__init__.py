"""What the three services of Gapura stand on, so that each of them holds nothing but its own subject.

A service describes its views (`api`), its tables and its settings; the chassis turns that into a running process:
`settings` are read once, `database` and `migrations` open the store, `application` assembles the Flask app with
`errors`, `health`, `metrics`, `logs` and `hardening`, `api` documents it, and `server` runs it.

The chassis knows no account, no profile, no product and no protocol. It never imports a service.
"""
