"""Tables and queries. In go words and limits, out come frozen values; nothing here knows of HTTP."""
