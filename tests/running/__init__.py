"""The three services as real processes, for the tests that speak to them over HTTP.

`service` starts, asks and stops one; `system` starts all three as `make run` does, on the ports of the guide where they
are free, else on others. What a service writes goes to a file, and is shown with a test that fails.
"""
