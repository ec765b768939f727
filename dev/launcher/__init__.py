"""Starts a few services, tells when they are ready, and stops them together.

`launch` is the whole story: ports are checked (`ports`), one child process per service is started (`children`), their
`/readyz` is asked (`readiness`), the greeting is printed (`banner`), and then the launcher waits for Ctrl-C or for the
first child that ends (`supervision`). It knows nothing of what a service does.
"""
