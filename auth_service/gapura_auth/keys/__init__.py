"""Signing keys: when each is published, signs, and is withdrawn, without anybody's hands.

`schedule` is the state machine, pure: rows and the time in, what is to be done out. `rotation` does it, safely with
many processes. `key_ring` signs with the key whose turn it is and says which public keys are published.
The room knows nothing of people, sessions or pages.
"""
