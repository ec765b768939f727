"""The auth service: it knows who people are, and gives them tokens that every other service can check by itself.

A request comes in through `web`, becomes a call of `accounts` (people) or `oauth` (the protocol), is decided there, and
written down by `store` in one transaction; `keys` sign what goes out, `credentials` hold the rules for names and
passwords, and `factory` wires it all. This service knows nothing of profiles and products: it never imports another.
"""

from gapura_auth.settings import AuthSettings
from gapura_chassis.program import Program

program = Program("auth", AuthSettings, "gapura_auth.factory")
