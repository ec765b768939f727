"""Starts the user service: `python app.py`, or `flask --app app run` while developing."""

from flask import Flask

from gapura_users import program


def create_app() -> Flask:
    """Return the application, its database brought up to date."""
    return program.create_app()


if __name__ == "__main__":
    program.main()
