"""What a client can exchange for tokens, one module for each grant type.

A handler is the part of the token endpoint's pipeline in which grants differ: it consumes what the client exchanges, in
one transaction, and says what it stands for. It is given a client that has proved who it is and is registered for the
grant, and the key that the tokens are to be bound to; it issues nothing itself but refresh tokens.
"""
