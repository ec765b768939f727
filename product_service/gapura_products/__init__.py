"""The product service: the catalogue of a shop, which everybody with a token may read and some may change.

A request arrives in `web/views`, already parsed into a frozen model; `catalogue` decides; `store/` holds the tables and
the queries. `factory` wires them, and one look at it shows everything that the service is made of.

It knows tokens only through the guard: who is asking, and with which scopes. It never learns a password, a role or an
account, and never asks the auth or the user service anything about a person.
"""

from typing import TYPE_CHECKING

from gapura_chassis.program import Program
from gapura_products.settings import ProductSettings

if TYPE_CHECKING:
    from flask import Flask

program = Program("products", ProductSettings, "gapura_products.factory")


def create_app() -> "Flask":
    """Return the WSGI application, its database brought up to date: for `flask --app gapura_products`."""
    return program.create_app()
