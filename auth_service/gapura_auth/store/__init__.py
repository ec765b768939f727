"""The auth service's tables and every query on them: rows in, frozen values out.

Functions take the connection of the caller, who decides what belongs in one transaction. Whatever may happen only once
is one conditional statement whose row count says who was first. This room never imports `web`, and decides nothing.
"""
