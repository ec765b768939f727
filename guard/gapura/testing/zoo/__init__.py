"""The token zoo: attacks that have worked on somebody, each with its name, and where it is described.

An attack makes a token (or a whole Authorization header) with everything an attacker may have: the public keys, a good
token of his own, tokens of other kinds from the same issuer. None may get in.
"""

from gapura.testing.zoo.attack import Attack, zoo_test
from gapura.testing.zoo.catalogue import ZOO

__all__ = ["ZOO", "Attack", "zoo_test"]
