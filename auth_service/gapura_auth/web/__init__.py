"""HTTP in, calls out: views of three to ten lines, each a method with typed arguments.

A view turns a request into a call of `accounts` or `keys` and the result into an answer. This room never touches
`store`, decides nothing, and holds every text that people read as a success.
"""
