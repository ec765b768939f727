"""The pages that people see: plain HTML in two languages, one small stylesheet, no JavaScript needed.

A view hands a template's name and values to `Pages`, which escapes everything and says, in headers, what the page may
do: load our stylesheet, and send its form to us and on to the client. Every text stands in `texts`.
"""
