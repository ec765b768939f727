"""Starts the product service: `python app.py`, or `flask --app app run` while developing."""

from flask import Flask

from gapura_products import program


def create_app() -> Flask:
    """Return the WSGI application; the Flask command line and other servers look for this name."""
    return program.create_app()


if __name__ == "__main__":
    program.main()
