"""The auth service: run `python app.py`, or `flask --app app run --port 5000` while you change it."""

from flask import Flask

from gapura_auth import program


def create_app() -> Flask:
    """Return the application, for Flask's command line."""
    return program.create_app()


if __name__ == "__main__":
    program.main()
