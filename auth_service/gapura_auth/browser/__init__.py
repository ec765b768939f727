"""People in a browser: who is signed in there, and what they are in the middle of.

Two cookies flow through this room. One names the browser itself, as long as it is open: forms and unfinished requests
belong to it. The other is a login, and is made anew whenever somebody proves who they are. The room opens transactions
and calls `oauth` for every decision; it writes no HTML, and what a form looked like is none of its business.
"""
