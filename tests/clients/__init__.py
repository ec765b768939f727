"""Clients that nobody here wrote, against the running services: what they are told, they believe only if it is right.

`person` fills in the pages as somebody with a browser does, `registered` makes clients as an operator does, `programs`
runs those that are written in JavaScript. The tests are named after the client that they run.
"""
