"""What guards read to know, without asking, that a session has ended: signed Token Status Lists.

Every session that has issued an access token lately holds one *slot*: a bit in one of the lists. `store.status_slots`
lends slots out; `status_lists` publishes, list by list, the bits of sessions that have ended. The room knows nothing of
people or protocols, only sessions, slots and the signer.
"""
