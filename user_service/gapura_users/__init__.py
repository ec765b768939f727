"""The user service: the directory of the people behind the gate, one profile each.

What flows through it: a request with a verified access token reaches a view (`web/`), which asks the `Directory`; the
directory makes a profile at the first sight of a person, decides who may see and change whom, and keeps profiles in
`store/`. `factory` wires these together, in one look.

What it must never know: passwords, sessions, roles, how anybody logs in. A token's `sub`, `preferred_username` and
`scope` are all it learns of a person from elsewhere; it never calls the auth service about one.
"""

from flask import Flask

from gapura_chassis.program import Program
from gapura_users.settings import UserSettings

program = Program("users", UserSettings, "gapura_users.factory")


def create_app() -> Flask:
    """Return the application, its database brought up to date: for `flask --app gapura_users`."""
    return program.create_app()
